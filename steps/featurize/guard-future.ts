import { PipewrightError } from '../../dsl/errors/index.ts';
import { sliceBars } from '../../model/bars.ts';
import type { ChosenRows } from './choose-rows.ts';
import type { Prices } from './read-prices.ts';

/** Sessions that are looked at: the first, the last, and some between. */
const LOOKS = 4;

/**
 * The guard against features that know the future: for some sessions all bars after them are cut off, what else was not
 * available at the decision gets other numbers, and the features are computed anew. They must come out to the bit. PW508
 * when they do not, which only a feature function or a join can be to blame for.
 */
export function guardAgainstFuture(choose: (prices: Prices, extra: Prices | undefined) => ChosenRows, prices: Prices, extra: Prices | undefined, chosen: ChosenRows): void {
  const { session, decisionTime, matrix } = chosen;
  const width = matrix.names.length;
  for (const at of picks(session.length)) {
    const row = session[at]!;
    const now = decisionTime?.[at];
    const known = (one: Prices, to: number): Prices => spoilUnknown(upTo(one, to), now ?? Infinity);
    const cut = choose(known(prices, row + 1), extra && known(extra, extra.bars.date.length));
    const again = cut.session.at(-1) === row ? cut.matrix.values.subarray((cut.matrix.rows - 1) * width) : undefined;
    const odd = matrix.names.findIndex((_, column) => !Object.is(again?.[column], matrix.values[at * width + column]));
    if (odd >= 0) throw knowsFuture(matrix.names[odd]!, prices.bars.date[row]!, matrix.values[at * width + odd]!, again?.[odd]);
  }
}

function picks(count: number): readonly number[] {
  return [...new Set(Array.from({ length: LOOKS }, (_, look) => Math.round(((count - 1) * look) / (LOOKS - 1))))].filter((at) => at >= 0);
}

/** The bars before a row, with their times. */
function upTo({ bars, symbol, times }: Prices, to: number): Prices {
  return { bars: sliceBars(bars, 0, to), symbol, times: times && { eventTime: times.eventTime.slice(0, to), knownFrom: times.knownFrom.slice(0, to) } };
}

/** Other numbers in the bars that were not known yet. They stay where they are: only whoever looks at them is told wrong. */
function spoilUnknown(prices: Prices, now: number): Prices {
  const { bars, times } = prices;
  if (times === undefined) return prices;
  const spoil = (values: Float64Array): Float64Array => values.map((value, row) => (times.knownFrom[row]! > now ? (1.5 + (row % 2)) * value : value));
  return { ...prices, bars: { date: bars.date, open: spoil(bars.open), high: spoil(bars.high), low: spoil(bars.low), close: spoil(bars.close), volume: spoil(bars.volume) } };
}

function knowsFuture(column: string, date: string, value: number, again: number | undefined): PipewrightError {
  return new PipewrightError({
    code: 'PW508',
    message: `The feature ${column} of ${date} knows the future: it is ${value}, and ${again === undefined ? 'cannot be computed' : again} when what was not available at its decision is taken away.`,
    fix: 'Correct its function in model/features: row t may depend on bars 0 to t only.',
  });
}
