import { counted } from './numbers.ts';

/** How many steps of a run work at once; 0 for what only the size of a cluster limits. */
export function describeRoom(maximumParallel: number): string {
  return maximumParallel === 0 ? 'as many steps at once as there is room for' : `at most ${counted(maximumParallel, 'step')} at once`;
}
