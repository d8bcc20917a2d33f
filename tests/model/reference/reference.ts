import { readFileSync } from 'node:fs';

/**
 * Figures of other people's software: scipy, statsmodels, arch, scikit-learn, and R's rugarch by its formula. The versions
 * and the program that made them are in `generate.py`.
 */
export const reference = JSON.parse(readFileSync(new URL('reference.json', import.meta.url), 'utf8')) as {
  readonly series: Readonly<Record<string, readonly number[]>>;
  readonly blockLengths: Readonly<Record<string, number>>;
  readonly student: readonly { readonly x: number; readonly degrees: number; readonly cdf: number }[];
  readonly logGamma: readonly { readonly x: number; readonly value: number }[];
  readonly binomial: readonly (Readonly<Record<'successes' | 'trials' | 'probability' | 'different' | 'greater' | 'less', number>>)[];
  readonly mcnemar: readonly (Readonly<Record<'onlyFirst' | 'onlySecond' | 'different', number>>)[];
  readonly dieboldMariano: readonly ({ readonly series: string } & Readonly<
    Record<'horizonDays' | 'statistic' | 'different' | 'bartlettStatistic', number>
  >)[];
  readonly pesaranTimmermann: readonly {
    readonly counts: Readonly<Record<'upUp' | 'upDown' | 'downUp' | 'downDown', number>>;
    readonly statistic: number;
    readonly skilled: number;
  }[];
  readonly classification: { readonly labels: readonly number[]; readonly probabilities: readonly number[] } & Readonly<
    Record<'balancedAccuracy' | 'matthewsCorrelation' | 'areaUnderRoc' | 'brierScore' | 'logLoss', number>
  >;
  readonly regression: { readonly actual: readonly number[]; readonly predicted: readonly number[] } & Readonly<
    Record<'meanAbsoluteError' | 'meanSquaredError' | 'rSquared', number>
  >;
  readonly moments: { readonly daily: readonly number[]; readonly skewness: number; readonly kurtosis: number };
  readonly logistic: {
    readonly series: string;
    readonly lags: number;
    readonly penalty: number;
    readonly intercept: number;
    readonly weights: readonly number[];
  };
};

/** How far `actual` is from `expected`, as a share of it. */
export function relative(actual: number, expected: number): number {
  return Math.abs(actual / expected - 1);
}
