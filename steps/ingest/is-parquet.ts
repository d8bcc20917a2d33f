/** Every Parquet file begins and ends so, https://parquet.apache.org/docs/file-format. */
const MAGIC = Buffer.from('PAR1');

export function isParquet(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, MAGIC.length)).equals(MAGIC);
}
