import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultFeatureSet, featureColumns } from '../../model/features/index.ts';
import { makeModel, MODEL_NAME } from './support/models.ts';
import { folderOrigin, start, type TestServer } from './support/server.ts';
import { writeModel } from './support/stored.ts';

const INFER = `/v2/models/${MODEL_NAME}/infer`;
const PREDICT = `/v1/models/${MODEL_NAME}:predict`;
const NAMES = featureColumns(defaultFeatureSet);

let server: TestServer;

beforeAll(async () => {
  server = await start(folderOrigin(await writeModel(makeModel())), { bodyLimit: 100_000 });
});
afterAll(() => server.drain('the test is over'));

/** Numbers that break careless code: signed zeros, the smallest and largest, integers beyond 2^53. */
const oddNumber = fc.oneof(
  { weight: 60, arbitrary: fc.double({ min: -1e3, max: 1e3, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(-0, 5e-324, 1.8e308, -1.7e308, 2 ** 53 + 2, 3.4e38) },
);
const junk = fc.jsonValue({ maxDepth: 3 });
/** Mostly what it should be, sometimes anything. */
const mostly = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<unknown> => fc.oneof({ weight: 25, arbitrary }, { weight: 1, arbitrary: junk });

const shape = mostly(fc.oneof(fc.constantFrom([1, 19], [1, 19], [1, 19], [2, 19], [19], [0, 19], [1, 5], [304, 5], [1], [2, 1]), fc.array(fc.integer({ min: -1, max: 20 }), { maxLength: 3 })));
const values = fc.oneof(fc.array(oddNumber, { minLength: 19, maxLength: 19 }), fc.array(fc.array(oddNumber, { minLength: 19, maxLength: 19 }), { maxLength: 2 }), fc.array(mostly(oddNumber), { maxLength: 40 }));
const tensor = mostly(
  fc.record(
    {
      name: mostly(fc.constantFrom('features', 'features', 'features', 'bars', 'date', ...NAMES.slice(0, 3), '__proto__', 'constructor')),
      shape,
      datatype: mostly(fc.constantFrom('FP64', 'FP64', 'FP32', 'INT64', 'BYTES', 'toString')),
      data: mostly(values),
      parameters: mostly(fc.constantFrom({}, { binary_data_size: 152 })),
    },
    { requiredKeys: ['name', 'shape', 'datatype', 'data'] },
  ),
);
const inferBody = mostly(
  fc.record(
    {
      inputs: mostly(fc.oneof(fc.tuple(tensor), fc.array(tensor, { maxLength: 3 }))),
      outputs: mostly(fc.array(mostly(fc.record({ name: mostly(fc.constantFrom('probability', 'direction')) })), { maxLength: 3 })),
      id: mostly(fc.string({ unit: 'binary' })),
      parameters: mostly(fc.dictionary(fc.string(), fc.oneof(fc.string(), oddNumber, fc.boolean()))),
    },
    { requiredKeys: ['inputs'] },
  ),
);
const bar = mostly(fc.record({ date: mostly(fc.constantFrom('2020-01-01', '2020-13-01', '')), open: mostly(oddNumber), high: mostly(oddNumber), low: mostly(oddNumber), close: mostly(oddNumber), volume: mostly(oddNumber) }));
const instance = mostly(
  fc.oneof(
    fc.array(oddNumber, { minLength: 19, maxLength: 19 }),
    fc.record(Object.fromEntries(NAMES.map((name) => [name, mostly(oddNumber)]))),
    fc.record({ bars: mostly(fc.array(bar, { maxLength: 4 })) }),
  ),
);
const predictBody = mostly(fc.record({ instances: mostly(fc.array(instance, { maxLength: 4 })) }));

async function expectAnswer(path: string, body: string | Uint8Array, headers?: Record<string, string>): Promise<number> {
  const answer = await server.post(path, body, headers);
  expect([200, 400, 413, 415]).toContain(answer.status);
  if (answer.status === 200) expect(answer.json).toMatchObject({ model_name: MODEL_NAME, model_version: '1' });
  else expect(answer.json).toEqual({ error: expect.stringMatching(/\S{3}/) });
  // An answer must fit on a screen, whatever was sent.
  if (answer.status !== 200) expect(answer.text.length).toBeLessThan(1_500);
  return answer.status;
}

describe('whatever is sent', () => {
  it('any JSON is answered, and never as a fault of the server', async () => {
    const seen = new Set<number>();
    await fc.assert(fc.asyncProperty(inferBody, async (body) => void seen.add(await expectAnswer(INFER, JSON.stringify(body) ?? 'null'))), { numRuns: 400 });
    await fc.assert(fc.asyncProperty(predictBody, async (body) => void seen.add(await expectAnswer(PREDICT, JSON.stringify(body) ?? 'null'))), { numRuns: 400 });
    // Otherwise the property would hold for a server that refuses everything.
    expect([...seen].sort()).toEqual([200, 400]);
    expect(server.events.filter(({ event }) => event === 'request-failed')).toEqual([]);
  });

  it('any bytes behind any header length are answered', async () => {
    const json = Buffer.from(JSON.stringify({ inputs: [{ name: 'features', shape: [1, 19], datatype: 'FP64', parameters: { binary_data_size: 152 } }] }));
    const body = fc.tuple(fc.constantFrom(json, json.subarray(0, 40)), fc.uint8Array({ maxLength: 160 })).map((parts) => Buffer.concat(parts));
    const length = fc.oneof(fc.constant(String(json.length)), fc.integer({ min: -1, max: 400 }).map(String), fc.constantFrom('x', '1e2', '0x10'));
    await fc.assert(fc.asyncProperty(body, length, async (bytes, header) => void (await expectAnswer(INFER, bytes, { 'inference-header-content-length': header }))), { numRuns: 200 });
    expect(server.events.filter(({ event }) => event === 'request-failed')).toEqual([]);
  });

  it('any path and method are answered', async () => {
    const path = fc.array(fc.constantFrom('v1', 'v2', 'models', MODEL_NAME, 'versions', '1', 'infer', 'ready', 'health', 'live', 'metrics', '%20', '%', '..', 'a:predict', ''), { maxLength: 7 }).map((parts) => `/${parts.join('/')}`);
    await fc.assert(
      fc.asyncProperty(path, fc.constantFrom('GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'), async (target, method) => {
        const { status, json, text } = await server.get(target, { method });
        expect([200, 400, 404, 405]).toContain(status);
        if (status !== 200 && method !== 'HEAD') expect(json, text).toEqual({ error: expect.stringMatching(/\S{3}/) });
      }),
      { numRuns: 200 },
    );
  });
});
