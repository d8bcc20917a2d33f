import type { NoTest } from './no-test.ts';
import { studentCdf } from './student.ts';

export type LagWindow = 'rectangular' | 'Bartlett';

export interface DieboldMariano {
  readonly kind: 'tested';
  readonly days: number;
  /** Mean of the first's loss less the second's: below 0 the first is better. */
  readonly meanDifference: number;
  /** With the small-sample factor; compared with Student's t of days − 1 degrees of freedom. */
  readonly statistic: number;
  /** One-sided: probability of such a lead of the first, or a larger one, if both are equally good. */
  readonly firstBetter: number;
  readonly secondBetter: number;
  /** Two-sided. */
  readonly different: number;
  /** The window that was used in the end. */
  readonly lagWindow: LagWindow;
}

/**
 * Are two forecasts equally good on the same days? F. X. Diebold and R. S. Mariano, JBES 13 (1995), on the daily
 * differences in loss, their variance by the autocovariances up to `horizonDays` − 1, with the factor
 * √((T + 1 − 2h + h(h − 1)/T) / T) and the t distribution of D. Harvey, S. Leybourne and P. Newbold, International
 * Journal of Forecasting 13 (1997).
 *
 * The rectangular window is the authors'; its variance can come out at 0 or below, and then Bartlett's weights take
 * over, which cannot. The test is weak, and rejects too often, when losses depend on each other for longer than the
 * horizon: read a block bootstrap beside it.
 *
 * `firstLoss` and `secondLoss` hold one finite loss per day, in the same order. Undefined for fewer than 2 horizons of
 * days, and for equal losses. Throws RangeError for two lengths, losses that are not finite, a horizon below 1.
 */
export function dieboldMariano(
  firstLoss: ArrayLike<number>,
  secondLoss: ArrayLike<number>,
  { horizonDays = 1, lagWindow = 'rectangular' }: { readonly horizonDays?: number; readonly lagWindow?: LagWindow } = {},
): DieboldMariano | NoTest {
  const days = firstLoss.length;
  if (secondLoss.length !== days) throw new RangeError(`The Diebold–Mariano test needs the same days twice; got ${days} and ${secondLoss.length}.`);
  if (!Number.isSafeInteger(horizonDays) || horizonDays < 1) {
    throw new RangeError(`The label horizon is ${horizonDays} days; it must be a whole number of 1 or more.`);
  }
  const differences = Float64Array.from(firstLoss, (loss, day) => loss - secondLoss[day]!);
  const broken = differences.findIndex((difference) => !Number.isFinite(difference));
  if (broken >= 0) throw new RangeError(`Losses are finite numbers; day ${broken} has ${firstLoss[broken]} and ${secondLoss[broken]}.`);
  if (days < 2 || days <= 2 * horizonDays - 2) {
    return { kind: 'undefined', reason: `${days} days are too few for labels over ${horizonDays}` };
  }
  const meanDifference = differences.reduce((sum, difference) => sum + difference, 0) / days;
  const covariances = covariancesOf(differences.map((difference) => difference - meanDifference), horizonDays);
  if (!(covariances[0]! > 1e-24 * meanDifference ** 2)) {
    return { kind: 'undefined', reason: 'the losses differ by the same amount every day' };
  }
  const asked = longRunVariance(covariances, lagWindow);
  const used = asked > 0 ? lagWindow : 'Bartlett';
  const variance = asked > 0 ? asked : longRunVariance(covariances, 'Bartlett');
  const factor = Math.sqrt((days + 1 - 2 * horizonDays + (horizonDays * (horizonDays - 1)) / days) / days);
  const statistic = (factor * meanDifference) / Math.sqrt(variance / days);
  return {
    kind: 'tested',
    days,
    meanDifference,
    statistic,
    firstBetter: studentCdf(statistic, days - 1),
    secondBetter: studentCdf(-statistic, days - 1),
    different: 2 * studentCdf(-Math.abs(statistic), days - 1),
    lagWindow: used,
  };
}

function covariancesOf(gaps: Float64Array, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, lag) => {
    let sum = 0;
    for (let day = lag; day < gaps.length; day++) sum += gaps[day]! * gaps[day - lag]!;
    return sum / gaps.length;
  });
}

function longRunVariance(covariances: Float64Array, lagWindow: LagWindow): number {
  const weightOf = (lag: number): number => (lagWindow === 'rectangular' ? 1 : 1 - lag / covariances.length);
  return covariances.reduce((sum, covariance, lag) => sum + (lag === 0 ? covariance : 2 * weightOf(lag) * covariance), 0);
}
