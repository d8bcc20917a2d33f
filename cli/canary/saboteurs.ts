import type { Bars } from '../../model/bars.ts';
import { computeFeatures, defaultFeatureSet } from '../../model/features/index.ts';
import { LOOK_AHEAD_GUARD, SPLIT_GUARD } from '../../model/guards/index.ts';
import { columnOf, matrixOfColumns } from '../../model/matrix.ts';
import { createRandom, permutation } from '../../model/random.ts';
import { buildTable } from '../../steps/featurize/build-table.ts';
import { CANDIDATES } from './markets.ts';
import { walk, type Columns, type Walked } from './walk.ts';

/** A mistake that would flatter a model, made on purpose, and what caught it. */
export interface Sabotage {
  readonly mistake: string;
  readonly guard: string;
  readonly caught: boolean;
  /** What the guard said, or what happened instead. */
  readonly detail: string;
}

const LEAK = 'return_tomorrow';
const OPTIONS = { horizonDays: 1, trainShare: 0.6, validationShare: 0.2, decisionMinutes: 0, maximumAgeDays: 7 } as const;

/** The shipped features, and one that uses the close it is to forecast. */
const leakingFeatures: typeof computeFeatures = (bars, set) => {
  const table = computeFeatures(bars, set);
  const { names } = table.matrix;
  return { ...table, matrix: matrixOfColumns([...names, LEAK], [...names.map((name) => columnOf(table.matrix, name)), tomorrow(bars.close)]) };
};

/** Featurize must refuse the leaking feature, by its name, and none of the shipped ones. */
export function leakyFeature(bars: Bars): Sabotage {
  const found = (caught: boolean, detail: string): Sabotage => ({ mistake: 'a feature that uses the close it forecasts', guard: LOOK_AHEAD_GUARD, caught, detail });
  try {
    for (const compute of [computeFeatures, leakingFeatures]) buildTable({ bars, symbol: '', times: undefined }, undefined, defaultFeatureSet, OPTIONS, compute);
    return found(false, 'nothing was noticed');
  } catch (error) {
    const { message } = error as Error;
    return found(message.includes(`The feature ${LEAK} of `), message);
  }
}

/** How well a model with that feature would do if it were let through, and what the gate says to it. */
export async function letLeakThrough(bars: Bars, seed: number): Promise<Walked> {
  return walk(bars, {
    candidates: CANDIDATES,
    seed,
    tamper: (columns, names) => ({ columns: { ...columns, [LEAK]: columns['next_return'] as Float64Array }, names: [...names, LEAK] }),
  });
}

/** The split guard must refuse rows that were dealt to the parts at random. */
export async function shuffledSplit(bars: Bars, seed: number): Promise<Sabotage> {
  const mistake = 'a split that was shuffled';
  try {
    const { reason } = await walk(bars, { candidates: CANDIDATES, seed, tamper: (columns, names) => ({ columns: shuffleParts(columns, seed), names }) });
    return { mistake, guard: SPLIT_GUARD, caught: false, detail: `the run went through: ${reason}` };
  } catch (error) {
    const { message } = error as Error;
    return { mistake, guard: SPLIT_GUARD, caught: message.includes(SPLIT_GUARD), detail: message };
  }
}

function shuffleParts(columns: Columns, seed: number): Columns {
  const part = columns['part'] as readonly string[];
  const order = permutation(part.length, createRandom(seed));
  return { ...columns, part: Array.from(order, (row) => part[row]!) };
}

function tomorrow(close: Float64Array): Float64Array {
  return close.map((price, row) => (close[row + 1] ?? price) / price - 1);
}
