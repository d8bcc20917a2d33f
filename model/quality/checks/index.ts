import type { Check } from '../check.ts';
import { drift } from './drift.ts';
import { labelBalance } from './label-balance.ts';
import { restated } from './restated.ts';
import { complete, priceOrder, range, text } from './row.ts';
import { flat, jump, outlier, split, stale, unique } from './sequence.ts';
import { columns, nullShare, rowCount, rows, zeroShare } from './structure.ts';
import { day, freshness, gap, holiday, notAfter, order, weekday } from './time.ts';

/** Every way to look at data, by the name that a rules document uses. */
export const CHECKS = {
  columns, rows, 'row-count': rowCount, 'null-share': nullShare, 'zero-share': zeroShare,
  day, order, weekday, holiday, gap, 'not-after': notAfter, freshness,
  complete, range, text, 'price-order': priceOrder,
  unique, stale, flat, jump, outlier, split,
  restated, drift, 'label-balance': labelBalance,
} as const;

export type CheckName = keyof typeof CHECKS;
export const CHECK_NAMES = Object.keys(CHECKS) as readonly CheckName[];
export type SettingsOf<K extends CheckName> = (typeof CHECKS)[K] extends Check<infer S> ? S : never;

/** A check whose settings are whatever its rule holds; the document was checked when it was read. */
export function checkOf(name: CheckName): Check<unknown> {
  return CHECKS[name] as unknown as Check<unknown>;
}
