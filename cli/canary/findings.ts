import { binomialUpperTail, wilsonInterval, type Interval } from '../../model/statistics/index.ts';
import type { Sabotage } from './saboteurs.ts';
import type { Walked } from './walk.ts';

/** Of every claim that the gate makes in favour of a model: the level at which it is made. */
export const STATED_RATE = 0.05;

/** How improbable a count must be before the canary calls it a fault: it must not sing once a month for nothing. */
const ALARM = 0.001;

export interface Rate {
  readonly what: string;
  readonly count: number;
  readonly of: number;
  /** Wilson's 95 % interval. */
  readonly interval: Interval;
  /** What is demanded of it, and whether that holds; undefined for what is only told. */
  readonly demand?: { readonly text: string; readonly holds: boolean };
}

/** Markets of one kind, and what came of them. */
export interface WalkedFlock {
  /** As in a sentence. */
  readonly name: string;
  readonly walked: readonly Walked[];
}

export interface Findings {
  readonly rates: readonly Rate[];
  readonly sabotages: readonly Sabotage[];
  readonly good: boolean;
}

/**
 * What many random walks, some planted signals and a few sabotages come to.
 *
 * Promotions of a first model by the policy `superior`, and the claim "better than the base rate" by whatever policy, may
 * happen in a market without a signal at the stated rate at most, in every flock: a count is a fault when chance gives so
 * many or more less than once in a thousand times. By the policy `non-inferior` about half of the random walks are
 * promoted, and that is told and not demanded. The first flock is of random walks with labels of one day; whether their
 * directions are a coin is asked of it alone, for longer labels overlap.
 */
export function judgeFindings(flocks: readonly WalkedFlock[], planted: readonly Walked[], sabotages: readonly Sabotage[]): Findings {
  const atMost = (count: number, of: number): Rate['demand'] => ({ text: `at most ${percent(STATED_RATE)}`, holds: binomialUpperTail(count, of, STATED_RATE) >= ALARM });
  const rate = (what: string, of: number, count: number, demand?: Rate['demand']): Rate => ({ what, count, of, interval: wilsonInterval(count, of), ...(demand ? { demand } : {}) });
  const counted = (what: string, walked: readonly Walked[], fits: (one: Walked) => boolean, demand: (count: number, of: number) => Rate['demand']): Rate => {
    const count = walked.filter(fits).length;
    return rate(what, walked.length, count, demand(count, walked.length));
  };
  const walks = flocks[0]!.walked;
  const [days, right] = [walks.reduce((sum, one) => sum + one.days, 0), walks.reduce((sum, one) => sum + one.right, 0)];
  const tail = Math.min(binomialUpperTail(right, days, 0.5), binomialUpperTail(days - right, days, 0.5));
  const rates = [
    ...flocks.filter(({ walked }) => walked.length > 0).flatMap(({ name, walked }) => [
      counted(`${name} promoted over their baselines (policy superior)`, walked, ({ decision }) => decision === 'promote', atMost),
      counted(`${name} said to beat the base rate, by any policy`, walked, ({ claimsBetter }) => claimsBetter, atMost),
      counted(`${name} promoted as not worse (policy non-inferior)`, walked, ({ lenient }) => lenient === 'promote', () => undefined),
    ]),
    rate('days of random walks forecast right', days, right, { text: '50 % up to chance', holds: 2 * tail >= ALARM }),
    counted('planted signals promoted over their baselines', planted, ({ decision }) => decision === 'promote', (count) => ({ text: 'all', holds: count === planted.length })),
  ];
  return { rates, sabotages, good: rates.every(({ demand }) => demand?.holds !== false) && sabotages.every(({ caught }) => caught) };
}

/** As lines of text. */
export function describeFindings({ rates, sabotages, good }: Findings): readonly string[] {
  return [
    ...rates.map(({ what, count, of, interval, demand }) =>
      `${demand === undefined ? '·' : demand.holds ? '✓' : '✗'} ${what}: ${count} of ${of}, ${percent(count / of)} (95 % interval ${percent(interval.lower)} to ${percent(interval.upper)})${demand === undefined ? '' : `; demanded: ${demand.text}`}`),
    ...sabotages.map(({ mistake, guard, caught, detail }) => `${caught ? '✓' : '✗'} ${mistake}: ${caught ? 'caught by' : 'not caught by'} the ${guard} (${detail})`),
    good ? 'The canaries are alive.' : 'A canary is dead: an evaluation that finds skill where there is none must not be trusted.',
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
