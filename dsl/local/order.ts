import type { RunContext } from './context.ts';
import { seededRandom } from './random.ts';

/**
 * In what order independent work is begun. With a seed it is random: a dependency that somebody forgot shows up early
 * instead of hiding behind a lucky order.
 */
export function createOrder(seed: number | undefined): Pick<RunContext, 'nextOrder' | 'inTurn'> {
  if (seed === undefined) {
    let next = 0;
    return { nextOrder: () => next++, inTurn: (length) => Array.from({ length }, (_, index) => index) };
  }
  const random = seededRandom(seed);
  return { nextOrder: random, inTurn: (length) => shuffled(length, random) };
}

/** Fisher and Yates' shuffle. */
function shuffled(length: number, random: () => number): readonly number[] {
  const numbers = Array.from({ length }, (_, index) => index);
  for (let last = length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [numbers[last], numbers[other]] = [numbers[other]!, numbers[last]!];
  }
  return numbers;
}
