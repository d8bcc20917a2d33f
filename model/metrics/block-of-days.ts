import { automaticBlockLength } from '../statistics/block-length.ts';
import { defaultBlockLength } from '../statistics/stationary-bootstrap.ts';

/** Fewer days say nothing about how they depend on each other. */
const LEAST_DAYS = 30;

/**
 * Mean block length for figures that several daily series decide together: the longest that one of them asks for, by
 * Politis and White; with few days the cube root of their number.
 */
export function blockLengthFor(series: readonly ArrayLike<number>[], horizonDays: number): number {
  const days = series[0]!.length;
  if (days < LEAST_DAYS) return defaultBlockLength(days, horizonDays);
  return Math.max(...series.map((values) => automaticBlockLength(values, horizonDays)));
}
