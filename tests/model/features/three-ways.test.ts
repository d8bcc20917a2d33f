import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barAt, BAR_COLUMNS, sliceBars, type Bars } from '../../../model/bars.ts';
import { columnOf } from '../../../model/matrix.ts';
import {
  computeFeatures,
  createFeatureStream,
  defaultFeatureSet,
  FEATURES,
  requiredBars,
  type FeatureSet,
  type FeatureStreamState,
} from '../../../model/features/index.ts';
import { featureRowsOf } from '../../../serving/http/v2/feature-rows.ts';
import { readTensors } from '../../../serving/http/v2/tensor.ts';
import { prepareModel } from '../../../serving/models/served-model.ts';
import { makeModel } from '../../serving/support/models.ts';
import { barsOfCloses, randomWalk, rowOf, sp500 } from '../sample-bars.ts';

const needed = requiredBars(defaultFeatureSet);
const through = (value: unknown): FeatureStreamState => JSON.parse(JSON.stringify(value)) as FeatureStreamState;

/** Every row that a stream gives, by row number. The stream is stopped and taken up from JSON before the given rows. */
function streamed(bars: Bars, set: FeatureSet, restartsBefore: ReadonlySet<number> = new Set()): Map<number, number[]> {
  let stream = createFeatureStream(set);
  const rows = new Map<number, number[]>();
  for (let row = 0; row < bars.date.length; row++) {
    if (restartsBefore.has(row)) stream = createFeatureStream(set, through(stream.state()));
    const values = stream.update(barAt(bars, row));
    if (values) rows.set(row, [...values]);
  }
  return rows;
}

function complete(bars: Bars, set: FeatureSet): Map<number, number[]> {
  const { matrix, firstComplete } = computeFeatures(bars, set);
  return new Map(Array.from({ length: Math.max(0, matrix.rows - firstComplete) }, (_, at) => [firstComplete + at, rowOf(matrix, firstComplete + at)]));
}

/** A set with drawn windows, one feature of each kind. */
const drawnSet: fc.Arbitrary<FeatureSet> = fc.record({ span: fc.integer({ min: 2, max: 23 }), wider: fc.integer({ min: 1, max: 15 }), signal: fc.integer({ min: 1, max: 9 }) }).map(({ span, wider, signal }) => ({
  features: FEATURES.map(({ kind, parameters }) => ({
    kind,
    parameters: Object.fromEntries(parameters.map((name) => [name, name === 'slow' ? span + wider : name === 'signal' ? signal : span])),
  })),
}));

describe('a feature set, computed three ways', () => {
  /**
   * The server knows only the newest `requiredBars` bars. Block sums begin at another row there, which changes roundings,
   * and of a recursive feature's seed a billionth is left: 1e-7 of the column's deviation, as `requiredBars` promises.
   */
  it('is the same for a table, a stream and the server on the S&P 500: the first two to the bit', () => {
    const bars = sp500();
    const table = computeFeatures(bars, defaultFeatureSet);
    const { matrix, firstComplete } = table;
    const stream = streamed(bars, defaultFeatureSet, new Set([100, needed, needed + 1, 1234, 5000]));
    expect(stream).toEqual(complete(bars, defaultFeatureSet));
    expect(stream.size).toBe(matrix.rows - firstComplete);

    const model = prepareModel(makeModel().files, { name: 'm', version: '1', role: 'folder', digest: `sha256:${'0'.repeat(64)}` as never });
    const deviation = matrix.names.map((name) => deviationOf(columnOf(matrix, name).subarray(firstComplete)));
    let worst = 0;
    for (let row = firstComplete; row < matrix.rows; row += 397) {
      const served = featureRowsOf(model, tensorsOf(sliceBars(bars, row + 1 - needed, row + 1))).values;
      stream.get(row)!.forEach((value, at) => (worst = Math.max(worst, Math.abs(served[at]! - value) / deviation[at]!)));
    }
    expect(worst).toBeGreaterThan(0);
    expect(worst).toBeLessThan(1e-7);
  });

  it('is the same for any windows on any walk, wherever the stream is stopped and taken up again', () => {
    fc.assert(
      fc.property(drawnSet, fc.integer({ min: 1, max: 1e6 }), fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 4 }), (set, seed, restarts) => {
        const bars = randomWalk(requiredBars(set) + 60, seed, 0.03);
        expect(streamed(bars, set, new Set(restarts))).toEqual(complete(bars, set));
      }),
      { numRuns: 25 },
    );
  });

  it('is the same where nothing moves and nothing is traded', () => {
    const bars = barsOfCloses(new Float64Array(needed + 30).fill(10.1), new Float64Array(needed + 30));
    expect(streamed(bars, defaultFeatureSet, new Set([7, needed]))).toEqual(complete(bars, defaultFeatureSet));
  });
});

describe('a stream', () => {
  const walk = randomWalk(needed + 5, 3);
  const fed = (count: number) => {
    const stream = createFeatureStream(defaultFeatureSet);
    for (let row = 0; row < count; row++) stream.update(barAt(walk, row));
    return stream;
  };

  it('has a state of one size, however long it has run', () => {
    const shape = (value: unknown): unknown => (typeof value === 'number' ? 0 : Array.isArray(value) ? value.length : value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)])) : value);
    const features = (count: number): unknown => shape(fed(count).state().features);
    expect(features(needed + 5)).toEqual(features(0));
  });

  it('gives a state of its own: what comes later does not change it', () => {
    const stream = fed(needed);
    const kept = stream.state();
    const before = JSON.stringify(kept);
    stream.update(barAt(walk, needed));
    expect(JSON.stringify(kept)).toBe(before);
  });

  it('refuses a bar that makes no sense, and goes on as if it had not come', () => {
    const stream = fed(needed - 1);
    const next = barAt(walk, needed - 1);
    expect(() => stream.update(barAt(walk, needed - 2))).toThrow(`Dates must rise: the bar of ${walk.date[needed - 2]} comes after that of ${walk.date[needed - 2]}.`);
    expect(() => stream.update({ ...next, close: -1 })).toThrow(`The close of ${next.date} is -1; it must be a finite number above 0.`);
    expect(() => stream.update({ ...next, volume: NaN })).toThrow('The volume of');
    expect(() => stream.update({ ...next, date: '2001-02-30' })).toThrow('not a day');
    expect([...stream.update(next)!]).toEqual(complete(walk, defaultFeatureSet).get(needed - 1));
  });

  it('refuses a state of other features, and one that was damaged', () => {
    const state = through(fed(50).state());
    const other: FeatureSet = { features: defaultFeatureSet.features.slice(1) };
    expect(() => createFeatureStream(other, state)).toThrow(/made by other features: their hash is sha256:\w+ there and sha256:\w+ here/);
    const damage = (change: (state: { features: Record<string, unknown>[] }) => void): FeatureStreamState => {
      const copy = through(state);
      change(copy as never);
      return copy;
    };
    expect(() => createFeatureStream(defaultFeatureSet, damage(({ features }) => { features[0]!['ring'] = [1, 2]; }))).toThrow('The state of log_return_1.ring must be a list of 1 finite numbers.');
    expect(() => createFeatureStream(defaultFeatureSet, damage(({ features }) => { delete features[9]!['gain']; }))).toThrow('The state of rsi_14 must be an object with rows, previous, gain, loss.');
    expect(() => createFeatureStream(defaultFeatureSet, damage(({ features }) => { features[8]!['average'] = null; }))).toThrow('The state of close_over_ema_12.average is null; it must be a finite number.');
    expect(() => createFeatureStream(defaultFeatureSet, damage(({ features }) => { features.pop(); }))).toThrow('damaged');
  });
});

function tensorsOf(bars: Bars) {
  const rows = bars.date.map((_, at) => BAR_COLUMNS.map((column) => bars[column][at]!));
  return readTensors(
    [
      { name: 'bars', datatype: 'FP64', shape: [rows.length, 5], data: rows },
      { name: 'date', datatype: 'BYTES', shape: [rows.length], data: bars.date },
    ],
    undefined,
  );
}

function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
