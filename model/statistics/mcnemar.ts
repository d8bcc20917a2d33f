import { binomialUpperTail, probabilityOf } from './binomial.ts';

export interface McNemar {
  /** Days that only the first, and days that only the second classifier got right. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** One-sided probability of such a lead of the first, or a larger one, if both are equally good. */
  readonly firstBetter: number;
  /** The same for the second. */
  readonly secondBetter: number;
  /** Two-sided: twice the smaller one, at most 1. */
  readonly different: number;
}

/**
 * Exact McNemar test (Q. McNemar, Psychometrika 12, 1947; exact form by the binomial distribution): are two
 * classifiers equally often right on the same days? Only days count on which exactly one is right; under equality each
 * of them is a fair coin. The days must be independent: for labels that look h days ahead, pass every h-th day.
 *
 * `firstRight` and `secondRight` hold one flag per day, in the same order. Throws RangeError when their lengths differ.
 */
export function exactMcNemar(firstRight: readonly boolean[], secondRight: readonly boolean[]): McNemar {
  if (firstRight.length !== secondRight.length) {
    throw new RangeError(`McNemar's test needs the same days twice; got ${firstRight.length} and ${secondRight.length}.`);
  }
  let onlyFirst = 0;
  let onlySecond = 0;
  for (const [day, right] of firstRight.entries()) {
    if (right === secondRight[day]) continue;
    if (right) onlyFirst++;
    else onlySecond++;
  }
  const discordant = onlyFirst + onlySecond;
  const firstBetter = binomialUpperTail(onlyFirst, discordant, 0.5);
  const secondBetter = binomialUpperTail(onlySecond, discordant, 0.5);
  return { onlyFirst, onlySecond, firstBetter, secondBetter, different: Math.min(1, 2 * Math.min(firstBetter, secondBetter)) };
}

/**
 * McNemar's test with mid-p values: of the outcome that was seen, half its probability counts. Closer to its level than
 * the exact test, which hardly ever reaches its own, at the price of a guarantee (M. W. Fagerland, S. Lydersen and P.
 * Laake, BMC Medical Research Methodology 13:91, 2013). A gate takes the exact one; a reader may like this one.
 *
 * Arguments and errors as {@link exactMcNemar}.
 */
export function midPMcNemar(firstRight: readonly boolean[], secondRight: readonly boolean[]): McNemar {
  const exact = exactMcNemar(firstRight, secondRight);
  const { onlyFirst, onlySecond } = exact;
  const half = probabilityOf(onlyFirst, onlyFirst + onlySecond, 0.5) / 2;
  const firstBetter = exact.firstBetter - half;
  const secondBetter = exact.secondBetter - half;
  return { onlyFirst, onlySecond, firstBetter, secondBetter, different: Math.min(1, 2 * Math.min(firstBetter, secondBetter)) };
}
