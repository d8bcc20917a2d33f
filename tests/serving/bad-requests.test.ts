import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeModel, MODEL_NAME, type SampleModel } from './support/models.ts';
import { folderOrigin, start, type Answer, type TestServer } from './support/server.ts';
import { writeModel } from './support/stored.ts';

const LIMIT = 4096;
const INFER = `/v2/models/${MODEL_NAME}/infer`;
const PREDICT = `/v1/models/${MODEL_NAME}:predict`;

let model: SampleModel;
let server: TestServer;
let row: number[];

beforeAll(async () => {
  model = makeModel();
  row = [...model.rows.values.subarray(0, 19)];
  server = await start(folderOrigin(await writeModel(model)), { bodyLimit: LIMIT });
});
afterAll(() => server.drain('the test is over'));

/** Every failure has a status, one member `error`, and exactly this content type. */
function expectRefusal(answer: Answer, status: number, words: string | RegExp): void {
  expect(Object.keys(answer.json)).toEqual(['error']);
  if (typeof words === 'string') expect(answer.json['error']).toContain(words);
  else expect(answer.json['error']).toMatch(words);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/json');
}

const tensor = (change: Record<string, unknown> = {}) => ({ name: 'features', shape: [1, 19], datatype: 'FP64', data: row, ...change });

describe('paths and methods', () => {
  it.each([
    ['GET', '/nothing', 404, 'There is nothing at /nothing.'],
    ['GET', '/v2/models', 404, 'There is nothing at /v2/models.'],
    ['GET', `/${'x'.repeat(300)}`, 404, /x…\. Predictions are at/],
    ['GET', '/v2/models/stock-directoin', 404, 'There is no model "stock-directoin" here; did you mean "stock-direction"?'],
    ['POST', '/v2/models/other/infer', 404, 'There is no model "other" here; the models are stock-direction.'],
    ['GET', `/v2/models/${MODEL_NAME}/versions/2`, 404, 'Version 2 of model "stock-direction" is not served; version 1 is.'],
    ['POST', `/v2/models/${MODEL_NAME}/versions/7/infer`, 404, 'Version 7'],
    ['GET', '/v1/models/other', 404, 'There is no model "other"'],
    ['GET', '/v2/%zz', 400, 'has a "%" that is not followed by'],
    ['GET', INFER, 405, '/v2/models/{model}/infer takes POST; got GET.'],
    ['POST', '/v2', 405, '/v2 takes GET; got POST.'],
    ['DELETE', '/v2/health/ready', 405, 'takes GET; got DELETE.'],
    ['OPTIONS', PREDICT, 405, 'takes POST; got OPTIONS.'],
  ])('%s %s is %i', async (method, path, status, words) => {
    const answer = await server.get(path, { method, ...(method === 'POST' ? { body: '{}' , headers: { 'content-type': 'application/json' } } : {}) });
    expectRefusal(answer, status, words);
    if (status === 405) expect(answer.headers.get('allow')).toBe(/takes POST/.test(answer.text) ? 'POST' : 'GET, HEAD');
  });
});

describe('bodies', () => {
  it.each([
    ['', 'The body is empty'],
    ['{', 'The body is not JSON'],
    ['{"inputs": [NaN]}', 'Note that NaN and Infinity are not JSON.'],
    ['[1, 2]', 'The body must be a JSON object; got a list of 2.'],
    ['"text"', 'The body must be a JSON object; got "text".'],
    ['null', 'got null'],
  ])('%j is refused on both protocols', async (body, words) => {
    expectRefusal(await server.post(INFER, body), 400, words);
    expectRefusal(await server.post(PREDICT, body), 400, words);
  });

  it.each([
    ['application/x-www-form-urlencoded', /"application\/x-www-form-urlencoded" is not known here; send application\/json \(curl: -H/],
    ['text/plain', 'send application/json'],
    ['application/octet-stream', 'send application/json'],
    ['application/json; charset=latin1', 'JSON is read as UTF-8, not as "latin1"'],
  ])('content-type %s is 415', async (contentType, words) => {
    expectRefusal(await server.post(INFER, { inputs: [tensor()] }, { 'content-type': contentType }), 415, words);
  });

  it('takes a charset of UTF-8', async () => {
    expect((await server.post(INFER, { inputs: [tensor()] }, { 'content-type': 'Application/JSON; charset="UTF-8"' })).status).toBe(200);
  });

  it('refuses a body beyond the limit, with and without a length', async () => {
    const large = JSON.stringify({ inputs: [tensor()], padding: 'x'.repeat(LIMIT) });
    expectRefusal(await server.post(INFER, large), 413, `larger than ${LIMIT} bytes`);
    const chunks = new ReadableStream({
      start(controller) {
        for (let at = 0; at < large.length; at += 1000) controller.enqueue(Buffer.from(large.slice(at, at + 1000)));
        controller.close();
      },
    });
    const chunked = await server.get(INFER, { method: 'POST', body: chunks, duplex: 'half', headers: { 'content-type': 'application/json' } } as RequestInit);
    expectRefusal(chunked, 413, 'Send fewer rows per request');
    expect((await server.post(INFER, JSON.stringify({ inputs: [tensor()] }).padEnd(LIMIT))).status).toBe(200);
  });

  it('reads gzip and deflate, up to the same limit, and nothing else', async () => {
    const json = JSON.stringify({ inputs: [tensor()] });
    const type = { 'content-type': 'application/json' };
    expect((await server.post(INFER, gzipSync(json), { ...type, 'content-encoding': 'gzip' })).status).toBe(200);
    expect((await server.post(INFER, deflateSync(json), { ...type, 'content-encoding': 'deflate' })).status).toBe(200);
    const bomb = gzipSync(json.padEnd(1_000_000));
    expect(bomb.length).toBeLessThan(LIMIT);
    expectRefusal(await server.post(INFER, bomb, { ...type, 'content-encoding': 'gzip' }), 413, `larger than ${LIMIT} bytes`);
    expectRefusal(await server.post(INFER, json, { ...type, 'content-encoding': 'gzip' }), 400, 'The body is not gzip data');
    expectRefusal(await server.post(INFER, gzipSync(json).subarray(0, 50), { ...type, 'content-encoding': 'gzip' }), 400, 'The body is not gzip data');
    expectRefusal(await server.post(INFER, json, { ...type, 'content-encoding': 'br' }), 415, 'The content-encoding "br" is not known');
  });
});

describe('V2 infer', () => {
  const table: [what: string, body: () => unknown, words: string | RegExp][] = [
    ['no inputs', () => ({}), '"inputs" must be a list of tensors, each with name, shape, datatype and data; got nothing.'],
    ['empty inputs', () => ({ inputs: [] }), 'got a list of 0'],
    ['an input that is no object', () => ({ inputs: [3] }), 'inputs[0] must be an object with name, shape, datatype and data; got 3.'],
    ['no name', () => ({ inputs: [tensor({ name: undefined })] }), 'inputs[0] must have a "name"; got nothing.'],
    ['no shape', () => ({ inputs: [tensor({ shape: undefined })] }), 'Input "features" must have a "shape"'],
    ['a negative dimension', () => ({ inputs: [tensor({ shape: [-1, 19] })] }), 'whole numbers of 0 or more; got [-1, 19]'],
    ['an unknown datatype', () => ({ inputs: [tensor({ datatype: 'FLOAT' })] }), 'one of BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, FP32, FP64, BYTES; got "FLOAT"'],
    ['a wrong datatype', () => ({ inputs: [tensor({ datatype: 'INT64' })] }), 'Input "features" is INT64; it must be FP64 or FP32.'],
    ['half precision', () => ({ inputs: [tensor({ datatype: 'FP16' })] }), 'Input "features" is FP16; it must be FP64 or FP32.'],
    ['no data', () => ({ inputs: [tensor({ data: undefined })] }), 'Input "features" must have "data", a list; got nothing.'],
    ['too few values for the shape', () => ({ inputs: [tensor({ shape: [2, 19] })] }), 'has the shape [2, 19] of FP64, which needs 38 values; its data has 19.'],
    ['a shape that claims all memory', () => ({ inputs: [tensor({ shape: [9_007_199_254_740_991, 19] })] }), 'its data has 19'],
    ['ragged rows', () => ({ inputs: [tensor({ shape: [2, 19], data: [row, row.slice(1)] })] }), 'needs 19 values in row 1; its data has 18.'],
    ['rows and a number', () => ({ inputs: [tensor({ shape: [2, 19], data: [row, 4] })] }), 'Row 1 of input "features" must be a list like the rows before it; got 4.'],
    ['data nested too deeply', () => ({ inputs: [tensor({ data: [[row]] })] }), /needs 19 values in row 0; its data has 1\./],
    ['a wrong number of features', () => ({ inputs: [tensor({ shape: [1, 3], data: [1, 2, 3] })] }), 'has the shape [1, 3]; model "stock-direction" version 1 takes [n, 19], one column for each of log_return_1, log_return_2'],
    ['one dimension', () => ({ inputs: [tensor({ shape: [19] })] }), 'takes [n, 19]'],
    ['no row', () => ({ inputs: [tensor({ shape: [0, 19], data: [] })] }), 'which holds no row; send at least one.'],
    ['null', () => ({ inputs: [tensor({ data: [...row.slice(1), null] })] }), 'must hold finite FP64 numbers; element 18 is null (many programs write NaN and Infinity as null)'],
    ['a text', () => ({ inputs: [tensor({ data: [...row.slice(1), '3'] })] }), 'element 18 is "3"'],
    ['a boolean', () => ({ inputs: [tensor({ data: [true, ...row.slice(1)] })] }), 'element 0 is true'],
    ['a number beyond FP32', () => ({ inputs: [tensor({ datatype: 'FP32', data: [1e39, ...row.slice(1)] })] }), 'must hold finite FP32 numbers; element 0 is 1e+39'],
    ['a number beyond the model', () => ({ inputs: [tensor({ data: [1e300, ...row.slice(1)] })] }), 'Row 0 has numbers that are too large for the model: log_return_1 is 1e+300.'],
    ['a misspelt input', () => ({ inputs: [tensor({ name: 'feature' })] }), 'There is no input "feature"; did you mean "features"?'],
    ['a misspelt feature', () => ({ inputs: [{ name: 'log_retrun_1', shape: [1], datatype: 'FP64', data: [0] }] }), 'did you mean "log_return_1"?'],
    ['an unknown input', () => ({ inputs: [tensor({ name: 'zzzzzzzzzz' })] }), 'ask with "features", with one tensor per feature (log_return_1, '],
    ['missing features', () => ({ inputs: [{ name: 'log_return_1', shape: [1], datatype: 'FP64', data: [0] }] }), '18 of 19 features are missing: log_return_2, '],
    ['two ways at once', () => ({ inputs: [tensor(), tensor({ name: 'bars' })] }), 'Input "bars" cannot come with "features".'],
    ['an input twice', () => ({ inputs: [tensor(), tensor()] }), 'Input "features" comes twice'],
    ['bars as FP32', () => ({ inputs: [tensor({ name: 'bars', shape: [1, 5], datatype: 'FP32', data: [1, 1, 1, 1, 1] })] }), 'Input "bars" is FP32; it must be FP64.'],
    ['bars with six columns', () => ({ inputs: [tensor({ name: 'bars', shape: [1, 6], data: [1, 1, 1, 1, 1, 1] })] }), 'it must be [n, 5] with the columns open, high, low, close, volume, oldest bar first.'],
    ['dates of another length', () => ({ inputs: [tensor({ name: 'bars', shape: [1, 5], data: [1, 1, 1, 1, 1] }), { name: 'date', shape: [2], datatype: 'BYTES', data: ['2020-01-01', '2020-01-02'] }] }), '"bars" has 1 rows, so it must be [1].'],
    ['dates that are no text', () => ({ inputs: [tensor({ name: 'bars', shape: [1, 5], data: [1, 1, 1, 1, 1] }), { name: 'date', shape: [1], datatype: 'BYTES', data: [20200101] }] }), 'Input "date" must hold texts; element 0 is 20200101.'],
    ['dates as numbers', () => ({ inputs: [tensor({ name: 'bars', shape: [1, 5], data: [1, 1, 1, 1, 1] }), { name: 'date', shape: [1], datatype: 'INT64', data: [20200101] }] }), 'Input "date" is INT64; it must be BYTES.'],
    ['an id that is no text', () => ({ id: 7, inputs: [tensor()] }), '"id" must be a text; got 7.'],
    ['parameters that are a list', () => ({ parameters: [1], inputs: [tensor()] }), 'The request has "parameters" that are not an object; got a list of 1.'],
    ['a parameter that is an object', () => ({ parameters: { a: {} }, inputs: [tensor()] }), 'the parameter "a", which must be a text, a number or a boolean; got an object.'],
    ['an unknown output', () => ({ inputs: [tensor()], outputs: [{ name: 'probabilty' }] }), 'There is no output "probabilty"; did you mean "probability"?'],
    ['an output twice', () => ({ inputs: [tensor()], outputs: [{ name: 'direction' }, { name: 'direction' }] }), 'asked for twice'],
    ['outputs that are names', () => ({ inputs: [tensor()], outputs: ['direction'] }), 'outputs[0] must be an object with a "name"'],
    ['a classification', () => ({ inputs: [tensor()], outputs: [{ name: 'direction', parameters: { classification: 2 } }] }), 'asks for the parameter "classification", which is not offered'],
    ['bytes without their header', () => ({ inputs: [tensor({ data: undefined, parameters: { binary_data_size: 152 } })] }), 'the request has no header Inference-Header-Content-Length'],
  ];

  it.each(table)('refuses %s', async (_, body, words) => {
    expectRefusal(await server.post(INFER, body()), 400, words);
  });
});

describe('V1 predict', () => {
  const table: [what: string, body: () => unknown, words: string][] = [
    ['no instances', () => ({}), '"instances" must be a list of at least one instance; got nothing.'],
    ['no instance', () => ({ instances: [] }), 'got a list of 0'],
    ['the columnar form', () => ({ inputs: {} }), 'The columnar form, "inputs", is not offered.'],
    ['a number', () => ({ instances: [4] }), 'instances[0]: It must be a list of 19 numbers, an object with a number per feature, or an object with "bars"; got 4.'],
    ['a short row', () => ({ instances: [row, [1, 2]] }), 'instances[1]: It has 2 features; model "stock-direction" version 1 takes 19: log_return_1, '],
    ['null', () => ({ instances: [[null, ...row.slice(1)]] }), 'instances[0]: log_return_1 must be a finite number; got null. Many programs write NaN as null'],
    ['an unknown feature', () => ({ instances: [{ log_retrun_1: 1 }] }), 'instances[0]: There is no feature "log_retrun_1"; did you mean "log_return_1"?'],
    ['missing features', () => ({ instances: [{ log_return_1: 1 }] }), 'instances[0]: 18 of 19 features are missing: log_return_2, '],
    ['features beside bars', () => ({ instances: [{ bars: [], log_return_1: 1 }] }), '"log_return_1" cannot come with "bars"'],
    ['bars that are no list', () => ({ instances: [{ bars: {} }] }), '"bars" must be a list of objects with date, open, high, low, close, volume; got an object.'],
    ['a bar that is a list', () => ({ instances: [{ bars: [[1, 2]] }] }), 'bars[0] must be an object'],
    ['a bar without close', () => ({ instances: [{ bars: [{ date: '2020-01-01', open: 1, high: 1, low: 1, volume: 1 }] }] }), 'close of bars[0] must be a finite number; got nothing.'],
    ['a bar without date', () => ({ instances: [{ bars: [{ open: 1, high: 1, low: 1, close: 1, volume: 1 }] }] }), 'The date of bars[0] must be a day as YYYY-MM-DD; got nothing.'],
  ];

  it.each(table)('refuses %s', async (_, body, words) => {
    expectRefusal(await server.post(PREDICT, body()), 400, words);
  });

  it('does not take the memory of as many rows as are claimed', async () => {
    expectRefusal(await server.post(PREDICT, `{"instances":[${'0,'.repeat(2000)}0]}`), 400, 'instances[0]');
  });
});
