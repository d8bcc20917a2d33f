"""Writes the Parquet files of tests/steps/ingest/parse-parquet.test.ts with another writer: pip install pyarrow==26.0.1; python generate.py FOLDER"""
import pyarrow as pa, pyarrow.parquet as pq, datetime as dt, sys
out = sys.argv[1]
days = [dt.date(2020,1,2)+dt.timedelta(days=i) for i in range(8)]
n = len(days)
base = {"open":[100.0+i for i in range(n)],"high":[102.5+i for i in range(n)],"low":[99.25+i for i in range(n)],"close":[101.125+i for i in range(n)],"volume":[1000*(i+1) for i in range(n)]}
def write(name, date, **kw):
    cols = {"date": date}
    cols.update({k: pa.array(v, type=pa.int64() if k=="volume" else kw.get("price", pa.float64())) for k,v in base.items()})
    opts = {k:v for k,v in kw.items() if k!="price"}
    pq.write_table(pa.table(cols), f"{out}/{name}.parquet", store_schema=False, **opts)
d32 = pa.array(days, pa.date32())
write("date32-snappy", d32, compression="snappy")
write("date32-zstd-pages-2", d32, compression="zstd", data_page_version="2.0", row_group_size=3)
write("date32-gzip", d32, compression="gzip", use_dictionary=False)
write("date32-lz4-float32", d32, compression="lz4", price=pa.float32())
write("timestamp-ns-brotli", pa.array([dt.datetime.combine(d, dt.time()) for d in days], pa.timestamp("ns")), compression="brotli", version="2.6")
write("text-none", pa.array([d.isoformat() for d in days]), compression="none")
write("timestamp-new-york", pa.array([dt.datetime.combine(d, dt.time(5)) for d in days], pa.timestamp("us", tz="America/New_York")), compression="snappy")
