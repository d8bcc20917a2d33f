import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sliceBars, type Bars } from '../../model/bars.ts';
import { computeFeatures, defaultFeatureSet, latestFeatureRow, requiredBars, type FeatureSet } from '../../model/features/index.ts';
import { makeModel, MODEL_NAME, SAMPLE_BARS, type SampleModel } from './support/models.ts';
import { folderOrigin, start, type TestServer } from './support/server.ts';
import { writeModel } from './support/stored.ts';

const NEEDED = requiredBars(defaultFeatureSet);
const INFER = `/v2/models/${MODEL_NAME}/infer`;
const PREDICT = `/v1/models/${MODEL_NAME}:predict`;

let model: SampleModel;
let server: TestServer;

beforeAll(async () => {
  model = makeModel();
  server = await start(folderOrigin(await writeModel(model)));
});
afterAll(() => server.drain('the test is over'));

const objectsOf = (bars: Bars) => bars.date.map((date, at) => ({ date, open: bars.open[at]!, high: bars.high[at]!, low: bars.low[at]!, close: bars.close[at]!, volume: bars.volume[at]! }));

function tensorsOf(bars: Bars, withDates = true): { inputs: Record<string, unknown>[] } {
  const data = objectsOf(bars).map(({ open, high, low, close, volume }) => [open, high, low, close, volume]);
  const dates = { name: 'date', datatype: 'BYTES', shape: [bars.date.length], data: bars.date };
  return { inputs: [{ name: 'bars', datatype: 'FP64', shape: [data.length, 5], data }, ...(withDates ? [dates] : [])] };
}

describe('asking with bars', () => {
  it('computes the features by the code of training, from any window that is long enough', async () => {
    for (const length of [NEEDED, NEEDED + 1, SAMPLE_BARS.date.length]) {
      const bars = sliceBars(SAMPLE_BARS, SAMPLE_BARS.date.length - length);
      const probability = model.predict(latestFeatureRow(bars, defaultFeatureSet));
      expect((await server.post(INFER, tensorsOf(bars))).json).toMatchObject({ outputs: [{ shape: [1], data: [probability] }, {}] });
      expect((await server.post(PREDICT, { instances: [{ bars: objectsOf(bars) }] })).json).toMatchObject({ predictions: [{ probability }] });
    }
  });

  it('agrees with the row of the training table', async () => {
    const { matrix } = computeFeatures(SAMPLE_BARS, defaultFeatureSet);
    const inTraining = model.predict(matrix.values.subarray((matrix.rows - 1) * 19));
    const { json } = await server.post(PREDICT, { instances: [{ bars: objectsOf(SAMPLE_BARS) }] });
    expect((json['predictions'] as { probability: number }[])[0]!.probability).toBeCloseTo(inTraining, 6);
  });

  it('answers windows and feature rows in one request', async () => {
    const row = [...model.rows.values.subarray(0, 19)];
    const windows = [0, 20].map((from) => sliceBars(SAMPLE_BARS, from, from + NEEDED));
    const expected = [model.predict(latestFeatureRow(windows[0]!, defaultFeatureSet)), model.predict(row), model.predict(latestFeatureRow(windows[1]!, defaultFeatureSet))];
    const { json } = await server.post(PREDICT, { instances: [{ bars: objectsOf(windows[0]!) }, row, { bars: objectsOf(windows[1]!) }] });
    expect((json['predictions'] as { probability: number }[]).map(({ probability }) => probability)).toEqual(expected);
  });

  it('says how many bars are needed', async () => {
    const bars = sliceBars(SAMPLE_BARS, 0, NEEDED - 1);
    for (const answer of [await server.post(INFER, tensorsOf(bars)), await server.post(PREDICT, { instances: [{ bars: objectsOf(bars) }] })]) {
      expect(answer.status).toBe(400);
      expect(answer.json['error']).toContain(`needs ${NEEDED} bars to compute its features; got ${NEEDED - 1}`);
    }
  });

  it('asks for dates when a feature is computed from them', async () => {
    const answer = await server.post(INFER, tensorsOf(SAMPLE_BARS, false));
    expect(answer).toMatchObject({ status: 400, json: { error: expect.stringContaining('computes day-of-week, month from the dates. Send "date" with the shape [400]') } });
  });

  it('says which bar makes no sense, by its place in what was sent', async () => {
    const spoil = (change: (bars: ReturnType<typeof objectsOf>) => void) => {
      const bars = objectsOf(SAMPLE_BARS);
      change(bars);
      return server.post(PREDICT, { instances: [{ bars }] });
    };
    const negative = await spoil((bars) => { bars[390]!.close = -1; });
    expect(negative.json['error']).toBe(`instances[0]: The close of ${SAMPLE_BARS.date[390]} (row 390) is -1; it must be a finite number above 0.`);
    const unordered = await spoil((bars) => bars.reverse());
    expect(unordered.json['error']).toContain('Dates must rise');
    const noDay = await spoil((bars) => { bars[399]!.date = '2001-02-30'; });
    expect(noDay.json['error']).toContain('"2001-02-30", which is not a day');
    const wild = await spoil((bars) => bars.forEach((bar, at) => { bar.close = at % 2 === 0 ? 1e-300 : 1e300; }));
    expect(wild.json['error']).toMatch(/The feature \w+ cannot be computed from these bars: it comes out as -?(Infinity|NaN)/);
    for (const { status } of [negative, unordered, noDay, wild]) expect(status).toBe(400);
  });
});

describe('a model that reads no dates', () => {
  const featureSet: FeatureSet = { features: [{ kind: 'log-return', parameters: { days: 1 } }, { kind: 'rsi', parameters: { window: 3 } }] };

  it('is asked without dates', async () => {
    const undated = makeModel({ featureSet });
    const other = await start(folderOrigin(await writeModel(undated)));
    try {
      const probability = undated.predict(latestFeatureRow(SAMPLE_BARS, featureSet));
      expect((await other.get(`/v2/models/${MODEL_NAME}`)).json).toMatchObject({ properties: { date_required: 'false' } });
      expect((await other.post(INFER, tensorsOf(SAMPLE_BARS, false))).json).toMatchObject({ outputs: [{ data: [probability] }, {}] });
      const bars = objectsOf(SAMPLE_BARS).map(({ date: _, ...bar }) => bar);
      expect((await other.post(PREDICT, { instances: [{ bars }] })).json).toMatchObject({ predictions: [{ probability }] });
    } finally {
      await other.drain('the test is over');
    }
  });
});
