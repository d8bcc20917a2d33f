import { describe, expect, test } from 'vitest';
import { createGolden, GOLDEN_TOLERANCE, verifyGolden } from '../../../model/document/index.ts';
import { compilePredictor, type Predictor } from '../../../model/predictor/index.ts';
import { applyNormalisation } from '../../../model/normalise.ts';
import { loadBackend, predictOnBackend } from '../../../model/training/index.ts';
import { sampleDocument, sampleNetwork } from './sample-model.ts';

const x = { names: ['a', 'b', 'c'], rows: 100, values: Float64Array.from({ length: 300 }, (_, at) => (at % 3 === 2 ? 30 : -1) + Math.sin(at)) };
const { normalisation } = sampleDocument;

/** Golden predictions as a training makes them: raw rows, TensorFlow's own answers. */
async function goldenOf(): Promise<ReturnType<typeof createGolden>> {
  return createGolden(x, predictOnBackend(await loadBackend(['wasm']), sampleNetwork(), applyNormalisation(x, normalisation)));
}

describe('choosing rows', () => {
  test('they are spread evenly from the first row to the last', () => {
    const probabilities = Float64Array.from({ length: 100 }, (_, at) => at / 100);
    expect(createGolden(x, probabilities, 4).map(({ probability }) => probability)).toEqual([0, 0.33, 0.66, 0.99]);
    expect(createGolden(x, probabilities, 4)[1]!.row).toEqual(Array.from(x.values.subarray(99, 102)));
    expect(createGolden(x, probabilities)).toHaveLength(16);
    expect(createGolden(x, probabilities, 1)).toHaveLength(1);
    expect(createGolden(x, probabilities, 500)).toHaveLength(100);
  });

  test('none, or answers for other rows, are refused', () => {
    expect(() => createGolden(x, [0.5])).toThrow(new RangeError('There are 100 rows but 1 probabilities.'));
    expect(() => createGolden(x, new Float64Array(100), 0)).toThrow(new RangeError('Golden predictions need at least one row; got 0 of 100.'));
  });
});

describe('verifying', () => {
  test('the compiled predictor, normalisation included, agrees with TensorFlow', async () => {
    const report = verifyGolden(compilePredictor(sampleNetwork(), normalisation), { golden: await goldenOf() });
    expect(report).toMatchObject({ agrees: true, compared: 16 });
    expect(report.largestDifference).toBeLessThan(1e-6);
  });

  test.each<[string, Predictor]>([
    ['without normalisation', compilePredictor(sampleNetwork())],
    ['with another model\'s weights', compilePredictor(sampleNetwork(2), normalisation)],
    ['with two features swapped', compilePredictor(sampleNetwork(), { mean: normalisation.mean.toReversed(), scale: normalisation.scale.toReversed() })],
  ])('it does not %s', async (_, predictor) => {
    const golden = await goldenOf();
    const report = verifyGolden(predictor, { golden });
    expect(report.agrees).toBe(false);
    expect(report.worst.expected).toBe(golden[report.worst.at]!.probability);
    expect(report.worst.got).toBe(predictor.predictRow(golden[report.worst.at]!.row));
    expect(Math.abs(report.worst.got - report.worst.expected)).toBe(report.largestDifference);
    expect(report.largestDifference).toBe(Math.max(...golden.map(({ row, probability }) => Math.abs(predictor.predictRow(row) - probability))));
  });

  test('an answer that is not a number never agrees, wherever it stands', () => {
    const answers = [0.5, NaN, 0.9];
    for (const order of [[0, 1, 2], [1, 0, 2], [0, 2, 1]]) {
      const predictor = { inputs: 1, predictRow: (row: ArrayLike<number>) => answers[row[0]!]!, predictRows: () => new Float64Array() };
      const golden = order.map((at) => ({ row: [at], probability: 0.5 }));
      expect(verifyGolden(predictor, { golden }, 1)).toEqual({ agrees: false, compared: 3, largestDifference: NaN, worst: { at: order.indexOf(1), expected: 0.5, got: NaN } });
    }
  });

  test('the tolerance is a limit that still passes', () => {
    const network = sampleNetwork();
    const predictor = compilePredictor(network);
    const row = [0.1, 0.2, 0.3];
    const golden = [{ row, probability: predictor.predictRow(row) + 0.01 }];
    const { largestDifference } = verifyGolden(predictor, { golden });
    expect(verifyGolden(predictor, { golden }, largestDifference).agrees).toBe(true);
    expect(verifyGolden(predictor, { golden }, largestDifference * 0.99).agrees).toBe(false);
    expect(GOLDEN_TOLERANCE).toBe(1e-5);
  });

  test('nothing to verify, or rows of another width, are refused', () => {
    const predictor = compilePredictor(sampleNetwork());
    expect(() => verifyGolden(predictor, { golden: [] })).toThrow(new RangeError('There is no golden prediction to verify.'));
    expect(() => verifyGolden(predictor, { golden: [{ row: [1], probability: 0.5 }] })).toThrow('The model takes rows of 3 features; got 1.');
  });
});
