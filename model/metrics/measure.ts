import {
  checkConfidence,
  deviationOf,
  quantileOfSorted,
  resampleDays,
  type ResampleOptions,
} from '../statistics/stationary-bootstrap.ts';
import { undefinedFigure, type Figure } from './figure.ts';

/** How one figure is computed from the data of some days, and why it may not exist. */
export interface Measure<Data> {
  /** Null when the figure does not exist for this data. */
  of(data: Data): number | null;
  /** Asked only when `of` gave null: a clause. */
  whyUndefined(data: Data): string;
}

export interface MeasureOptions extends ResampleOptions {
  /** Two-sided confidence of the intervals. Default 0.95. */
  readonly confidence?: number;
}

/** With fewer defined resamples than this share an interval would be about other days than these. */
const LEAST_DEFINED_SHARE = 0.9;

/**
 * Measures figures on days that depend on each other: every figure with a percentile interval from one stationary
 * bootstrap of the days (Politis and Romano, 1994) that all figures share, so they can be compared.
 *
 * `sampleOf` gives the data of some of the `count` days, which are numbered from 0, may repeat and stand in the order of
 * blocks; the array it gets is used again. Throws RangeError for a confidence or options out of range.
 */
export function measureFigures<Data, Name extends string>(
  measures: Readonly<Record<Name, Measure<Data>>>,
  count: number,
  options: MeasureOptions,
  sampleOf: (days: Uint32Array) => Data,
): Readonly<Record<Name, Figure>> {
  const { confidence = 0.95 } = options;
  checkConfidence(confidence);
  const whole = sampleOf(Uint32Array.from({ length: count }, (_, day) => day));
  const names = Object.keys(measures) as Name[];
  const values = names.map((name) => measures[name].of(whole));
  const defined = names.filter((_, at) => values[at] !== null);
  const resampled = new Map<Name, number[]>(defined.map((name) => [name, []]));
  let resamples = 0;
  if (count >= 2 && defined.length > 0) {
    resampleDays(count, options, (days) => {
      resamples++;
      const sample = sampleOf(days);
      for (const name of defined) {
        const value = measures[name].of(sample);
        if (value !== null) resampled.get(name)!.push(value);
      }
    });
  }
  const figureOf = (name: Name, value: number | null): Figure =>
    value === null ? undefinedFigure(measures[name].whyUndefined(whole)) : withInterval(value, resampled.get(name)!, resamples, confidence);
  return Object.fromEntries(names.map((name, at) => [name, figureOf(name, values[at]!)])) as Record<Name, Figure>;
}

function withInterval(value: number, resampled: readonly number[], resamples: number, confidence: number): Figure {
  if (resamples === 0) return { kind: 'measured', value, interval: null, standardError: null, note: 'one day has no interval' };
  const missing = resamples - resampled.length;
  const note = missing === 0 ? {} : { note: `it does not exist in ${missing} of ${resamples} resamples` };
  if (resampled.length < LEAST_DEFINED_SHARE * resamples) return { kind: 'measured', value, interval: null, standardError: null, ...note };
  const sorted = Float64Array.from(resampled).sort();
  const interval = { lower: quantileOfSorted(sorted, (1 - confidence) / 2), upper: quantileOfSorted(sorted, (1 + confidence) / 2) };
  return { kind: 'measured', value, interval, standardError: deviationOf(sorted), ...note };
}
