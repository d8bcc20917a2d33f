import type { Bars } from '../../model/bars.ts';
import { computeFeatures, defaultFeatureSet } from '../../model/features/index.ts';
import { findLookAhead, LOOK_AHEAD_GUARD, SPLIT_GUARD } from '../../model/guards/index.ts';
import { columnOf, matrixOfColumns, type Matrix } from '../../model/matrix.ts';
import { createRandom, permutation } from '../../model/random.ts';
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

/** A feature that uses the close it is to forecast, beside the shipped ones. */
export function leakingFeatures(bars: Bars): Matrix {
  const { matrix } = computeFeatures(bars, defaultFeatureSet);
  return matrixOfColumns([...matrix.names, LEAK], [...matrix.names.map((name) => columnOf(matrix, name)), tomorrow(bars.close)]);
}

const LEAK = 'return_tomorrow';
const PROBED_ROWS = [400, 800, 1_200];

/** The look-ahead guard must name the leaking feature, and none of the shipped ones. */
export function leakyFeature(bars: Bars): Sabotage {
  const mistake = 'a feature that uses the close it forecasts';
  const honest = findLookAhead((own) => computeFeatures(own, defaultFeatureSet).matrix, bars, PROBED_ROWS);
  if (honest !== undefined) return { mistake, guard: LOOK_AHEAD_GUARD, caught: false, detail: `the guard suspects the shipped feature ${honest.column}: ${honest.how}` };
  const found = findLookAhead(leakingFeatures, bars, PROBED_ROWS);
  return { mistake, guard: LOOK_AHEAD_GUARD, caught: found?.column === LEAK, detail: found === undefined ? 'nothing was noticed' : `${found.column} on ${found.day}: ${found.how}` };
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
