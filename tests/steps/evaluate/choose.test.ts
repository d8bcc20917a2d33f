import { beforeAll, describe, expect, it } from 'vitest';
import { randomWalk } from '../../../cli/canary/markets.ts';
import { trainOn } from '../../../cli/canary/walk.ts';
import { direction, forwardReturn } from '../../../model/labels/index.ts';
import { logLoss } from '../../../model/metrics/index.ts';
import { wilsonInterval } from '../../../model/statistics/index.ts';
import { chooseCandidate, predictRange, type Choice } from '../../../steps/evaluate/choose.ts';
import { readTable, type Table } from '../../../steps/evaluate/judged-days.ts';
import type { Dataset } from '../../../steps/runtime/dataset.ts';
import { settingsOf, type Candidate } from '../../../steps/train/candidate.ts';

const WALKS = 20;
const LAGS = ['lag_1', 'lag_2', 'lag_3'];
const TREES: Candidate = { architecture: 'gradient-boosted-trees', learningRate: 0.1, maxTrees: 5, maxDepth: 2 };
const CANDIDATES: readonly Candidate[] = [TREES, { ...TREES, calibration: 'platt' }, { ...TREES, calibration: 'isotonic' }, { ...TREES, target: 'return' }];

/** A random walk with its last returns for features: nothing of it can be forecast. */
function tableOfWalk(seed: number): Dataset {
  const { date, close } = randomWalk(seed);
  const returns = forwardReturn(close, 1);
  const parts: readonly [string, number, number][] = [['train', 5, 500], ['validation', 501, 800], ['test', 801, 900]];
  const columns: Readonly<Record<string, Float64Array>> = {
    label: direction(close, 1), forward_return: returns, next_return: returns, close,
    ...Object.fromEntries(LAGS.map((name, lag) => [name, returns.map((_, row) => returns[row - lag - 1] ?? 0)])),
  };
  return {
    rows: date.length,
    names: ['date', 'part', ...Object.keys(columns)],
    texts: (name) => (name === 'date' ? date : date.map((_, row) => parts.find(([, from, to]) => row >= from && row < to)?.[0] ?? 'none')),
    numbers: (name) => Float64Array.from(columns[name]!),
  };
}

describe('the choice among candidates on random walks', () => {
  const choices: { readonly table: Table; readonly choice: Choice }[] = [];
  beforeAll(async () => {
    for (let seed = 0; seed < WALKS; seed++) {
      const dataset = tableOfWalk(seed);
      const models = [];
      for (const candidate of CANDIDATES) models.push(await trainOn(dataset, LAGS, settingsOf(candidate, seed)));
      const table = readTable(dataset);
      choices.push({ table, choice: chooseCandidate(models, table) });
    }
  });

  it('does not prefer the calibration that remembers the validation days best', () => {
    const isotonic = choices.filter(({ choice }) => choice.chosen === 2).length;
    expect(wilsonInterval(isotonic, WALKS, 0.95).upper, `${isotonic} of ${WALKS}`).toBeLessThan(1 / 2);
  });

  it('judges what learned nothing of the validation days by what it says, and all else as if it had not seen them', () => {
    for (const { table, choice } of choices) {
      const rows = table.parts.validation;
      const own = choice.trials.map(({ model }) => logLoss(table.labels.subarray(rows.from, rows.to), predictRange(model, table, rows)));
      const [direct, platt, isotonic, ofReturn] = choice.trials.map(({ validationLogLoss }) => validationLogLoss) as [number, number, number, number];
      expect(direct).toBe(own[0]);
      expect(platt).toBeGreaterThan(own[1]!);
      expect(isotonic).toBeGreaterThan(own[2]!);
      expect(ofReturn).not.toBe(own[3]);
      expect(ofReturn).toBeCloseTo(own[3]!, 2);
    }
  });
});
