import type { RunStatus, Status } from '../../dsl/local/status.ts';

/** How a task, group or run stands just now, in a view: its end, or the way there. */
export type Standing = Status | RunStatus | 'Running' | 'Waiting' | 'Interrupted';

/** One character per standing; the words stand beside it, so nobody has to tell colours apart. */
export const GLYPHS: Readonly<Record<Standing, string>> = {
  Succeeded: '✓',
  Failed: '✗',
  Error: '!',
  Skipped: '–',
  Omitted: '∅',
  Cancelled: '■',
  Running: '●',
  Waiting: '○',
  Interrupted: '?',
};

/** In lower case, for the middle of a sentence. */
export function describeStanding(standing: Standing, cached = false): string {
  return standing === 'Succeeded' && cached ? 'cached' : standing.toLowerCase();
}

/** The standing of many instances of one node: the worst decides, what still runs comes first. */
export function summariseStandings(standings: readonly Standing[]): Standing {
  const order: readonly Standing[] = ['Running', 'Failed', 'Error', 'Interrupted', 'Cancelled', 'Waiting', 'Omitted', 'Succeeded', 'Skipped'];
  return order.find((standing) => standings.includes(standing)) ?? 'Waiting';
}
