import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latestFeatureRow, defaultFeatureSet } from '../../model/features/index.ts';
import { makeModel, MODEL_NAME, SAMPLE_BARS, type SampleModel } from './support/models.ts';
import { folderOrigin, start, type TestServer } from './support/server.ts';
import { writeModel } from './support/stored.ts';

const INFER = `/v2/models/${MODEL_NAME}/infer`;

let model: SampleModel;
let server: TestServer;
let row: Float64Array;

beforeAll(async () => {
  model = makeModel();
  row = model.rows.values.slice(0, 19);
  server = await start(folderOrigin(await writeModel(model)));
});
afterAll(() => server.drain('the test is over'));

const doubles = (numbers: ArrayLike<number>): Buffer => Buffer.concat(Array.from(numbers, (number) => { const bytes = Buffer.alloc(8); bytes.writeDoubleLE(number); return bytes; }));
const floats = (numbers: ArrayLike<number>): Buffer => Buffer.concat(Array.from(numbers, (number) => { const bytes = Buffer.alloc(4); bytes.writeFloatLE(number); return bytes; }));
const texts = (words: readonly string[]): Buffer => Buffer.concat(words.map((word) => { const head = Buffer.alloc(4); head.writeUInt32LE(Buffer.byteLength(word)); return Buffer.concat([head, Buffer.from(word)]); }));

/** A request as Triton's binary extension writes it: JSON, then the tensors. */
async function ask(json: object, tensors: readonly Buffer[], headers: Record<string, string> = {}): Promise<{ status: number; json: Record<string, unknown>; rest: Buffer; headers: Headers }> {
  const head = Buffer.from(JSON.stringify(json));
  const response = await fetch(`${server.url}${INFER}`, { method: 'POST', body: Buffer.concat([head, ...tensors]), headers: { 'inference-header-content-length': String(head.length), ...headers } });
  const body = Buffer.from(await response.arrayBuffer());
  const length = Number(response.headers.get('inference-header-content-length') ?? body.length);
  return { status: response.status, json: JSON.parse(body.toString('utf8', 0, length)) as Record<string, unknown>, rest: body.subarray(length), headers: response.headers };
}

const features = (size: number, datatype = 'FP64', rows = 1) => ({ name: 'features', shape: [rows, 19], datatype, parameters: { binary_data_size: size } });

describe('the binary tensor extension', () => {
  it('takes FP64 and FP32 as bytes', async () => {
    const asDoubles = await ask({ inputs: [features(152)] }, [doubles(row)]);
    expect(asDoubles.json).toMatchObject({ outputs: [{ data: [model.predict(row)] }, {}] });
    const asFloats = await ask({ inputs: [features(76, 'FP32')] }, [floats(row)], { 'content-type': 'application/octet-stream' });
    expect(asFloats.json).toMatchObject({ outputs: [{ data: [model.predict(row.map(Math.fround))] }, {}] });
  });

  it('takes several tensors, one after the other', async () => {
    const date = texts(SAMPLE_BARS.date);
    const { open, high, low, close, volume } = SAMPLE_BARS;
    const bars = doubles(SAMPLE_BARS.date.flatMap((_, at) => [open[at]!, high[at]!, low[at]!, close[at]!, volume[at]!]));
    const inputs = [
      { name: 'date', shape: [400], datatype: 'BYTES', parameters: { binary_data_size: date.length } },
      { name: 'bars', shape: [400, 5], datatype: 'FP64', parameters: { binary_data_size: bars.length } },
    ];
    const { json } = await ask({ inputs }, [date, bars]);
    expect(json).toMatchObject({ outputs: [{ data: [model.predict(latestFeatureRow(SAMPLE_BARS, defaultFeatureSet))] }, {}] });
  });

  it('gives all outputs as bytes when asked', async () => {
    const rows = model.rows.values.slice(0, 3 * 19);
    const answer = await ask({ id: 'é', inputs: [features(456, 'FP64', 3)], parameters: { binary_data_output: true } }, [doubles(rows)]);
    const expected = [0, 1, 2].map((at) => model.predict(rows.subarray(at * 19, at * 19 + 19)));
    const words = texts(expected.map((probability) => (probability >= 0.5 ? 'up' : 'down')));
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.json).toMatchObject({
      id: 'é',
      outputs: [
        { name: 'probability', datatype: 'FP64', shape: [3], parameters: { binary_data_size: 24 } },
        { name: 'direction', datatype: 'BYTES', shape: [3], parameters: { binary_data_size: words.length } },
      ],
    });
    expect(JSON.stringify(answer.json)).not.toContain('"data"');
    expect(answer.rest.equals(Buffer.concat([doubles(expected), words]))).toBe(true);
  });

  it('lets one output override the default of the request', async () => {
    const json = { inputs: [features(152)], parameters: { binary_data_output: true }, outputs: [{ name: 'direction' }, { name: 'probability', parameters: { binary_data: false } }] };
    const { json: reply, rest } = await ask(json, [doubles(row)]);
    const direction = texts([model.predict(row) >= 0.5 ? 'up' : 'down']);
    expect(reply).toMatchObject({ outputs: [{ name: 'direction', parameters: { binary_data_size: direction.length } }, { name: 'probability', data: [model.predict(row)] }] });
    expect(rest.equals(direction)).toBe(true);
  });

  const table: [what: string, json: () => object, tensors: () => Buffer[], words: string][] = [
    ['too few bytes', () => ({ inputs: [features(152)] }), () => [doubles(row).subarray(8)], 'should have 152 bytes behind the JSON, but only 144 are left'],
    ['left over bytes', () => ({ inputs: [features(152)] }), () => [doubles(row), Buffer.alloc(3)], '3 bytes behind the JSON belong to no input'],
    ['a size that is not the shape', () => ({ inputs: [features(144)] }), () => [doubles(row).subarray(8)], 'which needs 152 bytes; its data has 144'],
    ['a size that is no number', () => ({ inputs: [{ ...features(0), parameters: { binary_data_size: 'all' } }] }), () => [], 'must be a whole number of bytes; got "all"'],
    ['data in both places', () => ({ inputs: [{ ...features(152), data: [...row] }] }), () => [doubles(row)], 'has both "data" and "binary_data_size"'],
    ['NaN', () => ({ inputs: [features(152)] }), () => [doubles(row.map(() => NaN))], 'must hold finite FP64 numbers; element 0 is NaN'],
  ];

  it.each(table)('refuses %s', async (_, json, tensors, words) => {
    const answer = await ask(json(), tensors());
    expect(answer).toMatchObject({ status: 400, json: { error: expect.stringContaining(words) } });
  });

  it('refuses texts that end in the middle, and a body without JSON', async () => {
    const bars = { name: 'bars', shape: [1, 5], datatype: 'FP64', data: [1, 1, 1, 1, 1] };
    const cut = texts(['2020-01-01']).subarray(0, 9);
    const date = { name: 'date', shape: [1], datatype: 'BYTES', parameters: { binary_data_size: cut.length } };
    expect((await ask({ inputs: [bars, date] }, [cut])).json['error']).toContain('end in the middle of element 0');
    expect((await ask({ inputs: [bars, { ...date, parameters: { binary_data_size: 3 } }] }, [cut.subarray(0, 3)])).json['error']).toContain('end in the middle of element 0');
    expect((await ask({}, [doubles(row)], { 'inference-header-content-length': '0' })).json['error']).toContain('a body without JSON');
  });
});
