import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileEstimator, type BoostedTrees } from '../../../../model/predictor/index.ts';
import { createRandom } from '../../../../model/random.ts';
import type { TreesSettings } from '../../../../model/training/index.ts';
import { prepareRows } from '../../../../model/training/labelled-rows.ts';
import { binRows, fitBins } from '../../../../model/training/trees/bins.ts';
import { fitTrees } from '../../../../model/training/trees/fit-trees.ts';
import { exponential, portableSigmoid } from '../../../../model/training/trees/portable-sigmoid.ts';
import { treesSettings } from '../sample-rows.ts';

interface Leaf { readonly value: number }
interface Question { readonly column: number; readonly threshold: number; readonly left: Question | Leaf; readonly right: Question | Leaf }
interface Boosted {
  readonly loss: 'log' | 'squared';
  readonly settings: Pick<TreesSettings, 'maxTrees' | 'learningRate' | 'maxDepth' | 'minRows' | 'l2' | 'bins' | 'classWeighting'>;
  readonly columns: number;
  readonly features: readonly number[];
  readonly labels: readonly number[];
  readonly judged: readonly number[];
  readonly baseline: number;
  readonly firstTree: Question | Leaf;
  readonly scores: readonly number[];
}

/** Of scikit-learn and XGBoost; made by generate-trees.py. */
const reference = JSON.parse(readFileSync(new URL('../../reference/trees.json', import.meta.url), 'utf8')) as {
  readonly boosted: Readonly<Record<string, Boosted>>;
  readonly exact: Omit<Boosted, 'settings'> & Pick<TreesSettings, 'l2' | 'minChildWeight' | 'learningRate' | 'maxDepth'> & { readonly trees: number };
};

const rowsOf = (features: readonly number[], columns: number, labels: ArrayLike<number>, target: 'direction' | 'return') => {
  const rows = features.length / columns;
  const names = Array.from({ length: columns }, (_, at) => `f${at}`);
  return prepareRows('training', { x: { names, rows, values: Float64Array.from(features) }, y: labels }, target);
};

/** All trees, however the validation rows are: the training rows themselves, and no patience. */
async function fitAll(features: readonly number[], columns: number, labels: readonly number[], settings: TreesSettings) {
  const rows = rowsOf(features, columns, labels, settings.target);
  return fitTrees({ training: rows, validation: rows, settings: { ...settings, patience: settings.maxTrees }, zero: 0 });
}

/** The scores of rows, by the compiled predictor. */
function scoresOf(trees: BoostedTrees, values: readonly number[]): Float64Array {
  const { returns } = compileEstimator({ kind: 'trees', members: [trees] }, { score: { kind: 'return', residualScale: 1 } }).forecast(values, values.length / trees.inputs);
  return returns!;
}

function nested({ column, left, number }: BoostedTrees, node: number): Question | Leaf {
  if (column[node] === -1) return { value: number[node]! };
  return { column: column[node]!, threshold: number[node]!, left: nested({ column, left, number } as BoostedTrees, left[node]!), right: nested({ column, left, number } as BoostedTrees, left[node]! + 1) };
}

function expectSameTree(got: Question | Leaf, expected: Question | Leaf): void {
  if ('value' in expected) {
    expect(got).toHaveProperty('value');
    // scikit-learn keeps derivatives in single precision.
    expect(Math.abs((got as Leaf).value - expected.value)).toBeLessThan(1e-6);
    return;
  }
  expect(got).toMatchObject({ column: expected.column, threshold: expected.threshold });
  expectSameTree((got as Question).left, expected.left);
  expectSameTree((got as Question).right, expected.right);
}

describe('the same as others', () => {
  test.each(Object.entries(reference.boosted))('scikit-learn, histogram boosting on %s: bins, splits, leaves, and scores on other rows', async (_, theirs) => {
    const target = theirs.loss === 'log' ? 'direction' : 'return';
    const settings: TreesSettings = { ...treesSettings, ...theirs.settings, minChildWeight: 0.001, rowShare: 1, columnShare: 1, target, loss: theirs.loss };
    const { member, history } = await fitAll(theirs.features, theirs.columns, theirs.labels, settings);
    expect(history).toHaveLength(theirs.settings.maxTrees);
    expect(member.roots).toHaveLength(theirs.settings.maxTrees);
    expect(Math.abs(member.base - theirs.baseline)).toBeLessThan(1e-6);
    expectSameTree(nested(member, 0), theirs.firstTree);
    const scores = scoresOf(member, theirs.judged);
    for (const [row, score] of scores.entries()) expect(Math.abs(score - theirs.scores[row]!)).toBeLessThan(1e-5);
  });

  test('XGBoost, exact greedy splits with min_child_weight and λ: scores of every row after three trees', async () => {
    const { features, columns, labels, l2, minChildWeight, learningRate, maxDepth, trees, scores: theirs } = reference.exact;
    const settings: TreesSettings = { ...treesSettings, maxTrees: trees, learningRate, maxDepth, minRows: 1, minChildWeight, l2, bins: 256, rowShare: 1, columnShare: 1 };
    const { member } = await fitAll(features, columns, labels, settings);
    for (const [row, score] of scoresOf(member, features).entries()) expect(Math.abs(score - theirs[row]!)).toBeLessThan(1e-5);
  });
});

describe('what it learns and keeps', () => {
  const random = createRandom(5);
  const draw = (rows: number) => {
    const values = Float64Array.from({ length: rows * 4 }, () => random.normal());
    const labels = Float64Array.from({ length: rows }, (_, row) => Number(2 * values[row * 4]! * values[row * 4 + 1]! + random.normal() > 0));
    return rowsOf([...values], 4, labels, 'direction');
  };
  const [training, validation] = [draw(500), draw(300)];
  const settings: TreesSettings = { ...treesSettings, maxTrees: 400, patience: 15, learningRate: 0.2 };

  test('it stops when the validation loss has not fallen for `patience` trees, and keeps those up to the best', async () => {
    const { member, history, bestEpoch, stoppedEarly } = await fitTrees({ training, validation, settings, zero: 0 });
    expect(stoppedEarly).toBe(true);
    expect(history).toHaveLength(bestEpoch + settings.patience);
    expect(member.roots).toHaveLength(bestEpoch);
    expect(Math.min(...history.map(({ validationLoss }) => validationLoss))).toBe(history[bestEpoch - 1]!.validationLoss);
    expect(history[bestEpoch - 1]!.validationLoss).toBeLessThan(0.55);
  });

  test('the compiled predictor asks thresholds where training asked bins, and answers the same to the last bit', async () => {
    for (const [loss, labels] of [['log', training.labels], ['squared', training.labels.map((label, row) => label + Math.sin(row))], ['huber', training.labels.map((label, row) => label + 9 * Math.sin(row))]] as const) {
      const target = loss === 'log' ? 'direction' : 'return';
      const { member, scores } = await fitTrees({ training: { ...training, labels }, validation, settings: { ...settings, target, loss }, zero: 0 });
      expect([...scoresOf(member, [...training.features])]).toEqual([...(scores.training as Float64Array)]);
      expect([...scoresOf(member, [...validation.features])]).toEqual([...(scores.validation as Float64Array)]);
    }
  });

  test('the same seed gives the same bytes; another seed draws other rows and columns', async () => {
    const [one, two, other] = [await fitTrees({ training, validation, settings, zero: 0 }), await fitTrees({ training, validation, settings, zero: 0 }), await fitTrees({ training, validation, settings: { ...settings, seed: 8 }, zero: 0 })];
    expect(two).toEqual(one);
    expect(other.member.number).not.toEqual(one.member.number);
  });

  test('no leaf has fewer rows, and no way is longer, than the settings allow', async () => {
    const { member } = await fitTrees({ training, validation, settings: { ...settings, minRows: 40, maxDepth: 2, rowShare: 1, maxTrees: 5 }, zero: 0 });
    for (const root of member.roots) {
      const rowsAt = new Map<number, number>();
      for (let row = 0; row < training.rows; row++) {
        let [node, depth] = [root, 0];
        for (; member.column[node] !== -1; depth++) node = member.left[node]! + (training.features[row * 4 + member.column[node]!]! <= member.number[node]! ? 0 : 1);
        expect(depth).toBeLessThanOrEqual(2);
        rowsAt.set(node, (rowsAt.get(node) ?? 0) + 1);
      }
      expect(Math.min(...rowsAt.values())).toBeGreaterThanOrEqual(40);
    }
  });

  test('an aborted signal stops it', async () => {
    await expect(fitTrees({ training, validation, settings, zero: 0, signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});

test('a value is in the bin whose edges it lies between, whatever the values', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -100, max: 100 }), { minLength: 1, maxLength: 80 }), fc.integer({ min: 2, max: 20 }), (values, bins) => {
      const rows = { rows: values.length, columns: 1, features: Float32Array.from(values), labels: new Float32Array(values.length) };
      const edges = fitBins(rows, bins);
      expect(edges[0]!.length).toBeLessThan(bins);
      for (const [row, bin] of binRows(rows, edges).entries()) {
        if (bin > 0) expect(rows.features[row]).toBeGreaterThan(edges[0]![bin - 1]!);
        if (bin < edges[0]!.length) expect(rows.features[row]).toBeLessThanOrEqual(edges[0]![bin]!);
      }
    }),
  );
});

test('the portable exponential is that of the engine to the last digits', () => {
  fc.assert(fc.property(fc.double({ min: -690, max: 0, noNaN: true }), (x) => {
    expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(5e-16);
  }));
  expect([exponential(0), exponential(-1e9), portableSigmoid(0), portableSigmoid(1e9), portableSigmoid(-1e9)]).toEqual([1, 0, 0.5, 1, 0]);
  expect(portableSigmoid(2) + portableSigmoid(-2)).toBeCloseTo(1, 15);
});
