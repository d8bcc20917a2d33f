import { quantileOfSorted } from '../statistics/stationary-bootstrap.ts';
import { predictedClasses } from './confusion.ts';

/** Some of the judged days that belong together. */
export interface Slice {
  readonly group: 'year' | 'volatility' | 'forecast';
  /** For people: `2019`, `high volatility`, `up was forecast`. */
  readonly name: string;
  /** One entry per judged day: 1 for the days of the slice, else 0. */
  readonly includes: Uint8Array;
}

/** One slice per calendar year, oldest first. `dates` are `YYYY-MM-DD`, one per judged day. */
export function sliceByYear(dates: readonly string[]): readonly Slice[] {
  const years = dates.map((date) => date.slice(0, 4));
  return [...new Set(years)].sort().map((year) => sliceOf('year', year, years, (own) => own === year));
}

/** The two values that cut a series into thirds. */
export interface Terciles {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Fits the borders of low, middle and high volatility. Pass the volatility of training rows alone: borders that know the
 * judged days would say what was high only afterwards. NaN (an incomplete window) is left out. Throws RangeError for
 * fewer than 3 values.
 */
export function fitTerciles(trainingVolatility: ArrayLike<number>): Terciles {
  const values = Float64Array.from(trainingVolatility).filter((value) => Number.isFinite(value)).sort();
  if (values.length < 3) throw new RangeError(`Terciles need at least 3 training values; got ${values.length}.`);
  return { lower: quantileOfSorted(values, 1 / 3), upper: quantileOfSorted(values, 2 / 3) };
}

/**
 * Days of low, middle and high volatility. `volatility` is what was known on each judged day, one entry per day. Throws
 * RangeError for a value that is not finite.
 */
export function sliceByVolatility(volatility: ArrayLike<number>, { lower, upper }: Terciles): readonly Slice[] {
  const values = Array.from(volatility);
  const broken = values.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) throw new RangeError(`The volatility of judged day ${broken} is ${values[broken]}; it must be a finite number.`);
  return [
    sliceOf('volatility', 'low volatility', values, (value) => value <= lower),
    sliceOf('volatility', 'middle volatility', values, (value) => value > lower && value <= upper),
    sliceOf('volatility', 'high volatility', values, (value) => value > upper),
  ];
}

/**
 * Days by the direction that was forecast. Not by the one that happened: within such a slice only one direction happens,
 * and most figures do not exist.
 */
export function sliceByForecast(probabilities: ArrayLike<number>): readonly Slice[] {
  const classes = Array.from(predictedClasses(probabilities));
  return [
    sliceOf('forecast', 'up was forecast', classes, (own) => own === 1),
    sliceOf('forecast', 'up was not forecast', classes, (own) => own === 0),
  ];
}

function sliceOf<Value>(group: Slice['group'], name: string, values: readonly Value[], belongs: (value: Value) => boolean): Slice {
  return { group, name, includes: Uint8Array.from(values, (value) => (belongs(value) ? 1 : 0)) };
}
