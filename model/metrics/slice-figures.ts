import { blockLengthFor } from './block-of-days.ts';
import { UP_FROM } from './confusion.ts';
import type { Figure } from './figure.ts';
import { daysOf, type ForecastDays } from './forecast-days.ts';
import { FORECAST_MEASURES, type FigureOptions, type ForecastFigureName } from './forecast-figures.ts';
import { measureFigures, type Measure } from './measure.ts';
import { dailyLogLoss } from './probability.ts';
import type { Slice } from './slices.ts';

export type SliceFigureName = Extract<ForecastFigureName, 'accuracy' | 'balancedAccuracy' | 'brierScore' | 'logLoss'> | 'logLossAboveReference';

export interface SliceReport {
  readonly group: Slice['group'];
  readonly name: string;
  readonly days: number;
  readonly figures: Readonly<Record<SliceFigureName, Figure>>;
  /** Present when the slice is too small to tell anything. */
  readonly note?: string;
}

export interface SliceOptions extends FigureOptions {
  /** Slices of fewer days get a note. Default 60: an accuracy is then known to about ±13 percentage points. */
  readonly minimumDays?: number;
}

/**
 * The figures of a forecast slice by slice, each beside the log-loss of a `reference` forecast (the base rate, or the
 * model in production) on the same days: `logLossAboveReference` is the mean difference, below 0 in favour of the
 * forecast. All days are resampled and the slice is taken from each resample, so the blocks are real days in a row and
 * the number of days in a slice varies as it would.
 *
 * Ten slices with 95 % intervals see something that is not there every other time: look for what is large. Throws
 * RangeError as `forecastFigures`, and for a slice of another length.
 */
export function sliceFigures(
  slices: readonly Slice[],
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  reference: ArrayLike<number>,
  options: SliceOptions,
): readonly SliceReport[] {
  const { minimumDays = 60 } = options;
  const happened = Float64Array.from(labels);
  const own = dailyLogLoss(labels, probabilities);
  const said = Float64Array.from(probabilities);
  const squares = said.map((probability, day) => (probability - happened[day]!) ** 2);
  const other = dailyLogLoss(labels, reference);
  const above = own.map((loss, day) => loss - other[day]!);
  const { meanBlockLength = blockLengthFor([happened, own, above], options.horizonDays) } = options;
  return slices.map(({ group, name, includes }) => {
    if (includes.length !== labels.length) {
      throw new RangeError(`The slice "${name}" needs one entry per judged day; got ${includes.length} for ${labels.length} days.`);
    }
    const days = includes.reduce((sum, included) => sum + included, 0);
    const figures = measureFigures(SLICE_MEASURES, labels.length, { ...options, meanBlockLength }, (drawn) => {
      const within = drawn.filter((day) => includes[day] === 1);
      return { ...daysOf(pick(happened, within), pick(said, within), pick(own, within), pick(squares, within)), above: pick(above, within) };
    });
    const note = days < minimumDays ? { note: `${days} ${days === 1 ? 'day is' : 'days are'} too few to tell; ${minimumDays} are needed` } : {};
    return { group, name, days, figures, ...note };
  });
}

function pick(values: ArrayLike<number>, days: Uint32Array): Float64Array {
  const picked = new Float64Array(days.length);
  for (let at = 0; at < days.length; at++) picked[at] = values[days[at]!]!;
  return picked;
}

function saysOneThing({ probabilities }: ForecastDays): boolean {
  const first = probabilities[0];
  return first !== undefined && probabilities.every((probability) => probability >= UP_FROM === first >= UP_FROM);
}

type SliceDays = ForecastDays & { readonly above: Float64Array };

const SLICE_MEASURES: Readonly<Record<SliceFigureName, Measure<SliceDays>>> = {
  accuracy: FORECAST_MEASURES.accuracy,
  // Where one direction alone was forecast it is 0.5 by its formula, and an interval around that would look like news.
  balancedAccuracy: {
    of: (days) => (saysOneThing(days) ? null : FORECAST_MEASURES.balancedAccuracy.of(days)),
    whyUndefined: (days) =>
      saysOneThing(days) ? `only ${days.probabilities[0]! >= UP_FROM ? 'up' : 'not up'} was predicted` : FORECAST_MEASURES.balancedAccuracy.whyUndefined(days),
  },
  brierScore: FORECAST_MEASURES.brierScore,
  logLoss: FORECAST_MEASURES.logLoss,
  logLossAboveReference: {
    of: ({ above }) => (above.length === 0 ? null : above.reduce((sum, value) => sum + value, 0) / above.length),
    whyUndefined: () => 'there are no days',
  },
};
