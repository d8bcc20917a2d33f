import { PipewrightError } from '../../dsl/errors/index.ts';
import { filterBars } from './bars.ts';
import type { Collected } from './collect.ts';
import { compareHistory, mergeBars, type OnRestatement, type Restatement } from './merge.ts';
import { demandRising, type Previous } from './previous.ts';

export interface UpdateOptions {
  /** How many of the last rows of the earlier dataset are fetched again, to compare them. */
  readonly overlapSessions: number;
  readonly onRestatement: OnRestatement;
  /** Whether the last sessions can be fetched alone. Otherwise everything is fetched and compared. */
  readonly inPart: boolean;
  /** First day that is wanted; empty for all. */
  readonly from: string;
}

export interface Update {
  readonly collected: Collected;
  readonly restatement: Restatement;
  /** First day that was compared. */
  readonly comparedFrom: string;
  /** Rows after the last day of the earlier dataset. */
  readonly added: number;
}

/**
 * Fetches what is new since an earlier dataset, and its last sessions once more: where they differ, the source has restated its
 * history. `refuse` is PW502 then; `keep` leaves the earlier rows as they were; `take` takes the source's. If already the first of
 * the compared rows differs, those before it may too, so `take` fetches everything.
 */
export async function update(previous: Previous, fetchFrom: (from: string) => Promise<Collected>, options: UpdateOptions): Promise<Update> {
  const { overlapSessions, onRestatement, inPart, from } = options;
  const { bars } = previous;
  const oldest = from > bars.date[0]! ? from : bars.date[0]!;
  const overlap = bars.date[Math.max(0, bars.date.length - overlapSessions)]!;
  let comparedFrom = inPart && overlap > oldest ? overlap : oldest;
  let collected = await fetchFrom(comparedFrom === oldest ? from : comparedFrom);
  demandSame(previous, collected);
  let restatement = compareHistory(bars, collected.bars, comparedFrom);
  const first = bars.date.find((day) => day >= comparedFrom);
  if (onRestatement === 'take' && comparedFrom > oldest && first !== undefined && [...restatement.changed, ...restatement.removed].includes(first)) {
    collected = await fetchFrom(from);
    demandSame(previous, collected);
    comparedFrom = oldest;
    restatement = compareHistory(bars, collected.bars, comparedFrom);
  }
  if (onRestatement === 'refuse' && restatement.rows > 0) throw restated(collected.origin, restatement);
  const last = bars.date.at(-1)!;
  // What the source has before the earlier dataset's first day is not asked about: it is a longer history, not another one.
  const merged = filterBars(mergeBars(bars, collected.bars, comparedFrom, onRestatement), (day) => day >= from);
  // Rows of two readings have no lines in one text.
  const { lines: _, ...facts } = collected;
  return { collected: { ...facts, bars: merged }, restatement, comparedFrom, added: merged.date.filter((day) => day > last).length };
}

/** A sentence without its full stop: how much, which days, the largest change. */
export function describeRestatement({ rows, changed, removed, inserted, largestChange, factor }: Restatement): string {
  const some = (days: readonly string[]): string => (days.length > 3 ? `${days.slice(0, 3).join(', ')}, …` : days.join(', '));
  const parts = ([['changed', changed], ['gone', removed], ['new', inserted]] as const).flatMap(([word, days]) => (days.length === 0 ? [] : [`${days.length} ${word} (${some(days)})`]));
  const { day, column, before, after, share } = largestChange ?? {};
  const largest = largestChange === undefined ? '' : `; the largest change is the ${column} of ${day}, ${before} → ${after}${share === null || share === undefined ? '' : ` (${(share * 100).toPrecision(3)} %)`}`;
  return `${rows} rows differ: ${parts.join(', ')}${largest}${factor === undefined ? '' : `; all changed closes are ${factor} times what they were, as after a split`}`;
}

function demandSame(previous: Previous, { bars, listing, origin }: Collected): void {
  demandRising(bars, origin);
  if (previous.symbol === undefined || listing.symbol === undefined || previous.symbol.toUpperCase() === listing.symbol.toUpperCase()) return;
  throw new PipewrightError({ code: 'PW502', message: `The previous dataset is of ${previous.symbol}, and ${origin} is of ${listing.symbol}.`, fix: 'Give the dataset of an earlier run for the same symbol, or leave the input "previous" out.' });
}

function restated(origin: string, restatement: Restatement): PipewrightError {
  return new PipewrightError({
    code: 'PW502',
    message: `${origin} has restated its history: ${describeRestatement(restatement)}.`,
    fix: 'Find out why. Then set the parameter restated to "take" for what the source tells now, or to "keep" for what it told before.',
  });
}
