/**
 * Exact upper tail of the binomial distribution: the probability of `successes` or more in `trials` independent trials
 * that each succeed with `probability`. Relative error about 1e-10 for thousands of trials.
 *
 * Throws RangeError unless 0 ≤ successes ≤ trials are whole numbers and 0 ≤ probability ≤ 1.
 */
export function binomialUpperTail(successes: number, trials: number, probability: number): number {
  checkCounts(successes, trials);
  if (!(probability >= 0 && probability <= 1)) throw new RangeError(`A probability lies between 0 and 1; got ${probability}.`);
  if (successes === 0 || probability === 1) return 1;
  if (probability === 0) return 0;
  const odds = probability / (1 - probability);
  if (successes > trials * probability) {
    // Terms fall from here to the end: the sum starts with its largest.
    let term = probabilityOf(successes, trials, probability);
    let sum = term;
    for (let k = successes; k < trials && term > sum * Number.EPSILON; k++) {
      term *= ((trials - k) / (k + 1)) * odds;
      sum += term;
    }
    return Math.min(1, sum);
  }
  let term = probabilityOf(successes - 1, trials, probability);
  let below = term;
  for (let k = successes - 1; k > 0 && term > below * Number.EPSILON; k--) {
    term *= k / ((trials - k + 1) * odds);
    below += term;
  }
  return Math.max(0, 1 - below);
}

export interface BinomialTest {
  /** One-sided probability of so many successes, or more. */
  readonly greater: number;
  /** One-sided probability of so many successes, or fewer. */
  readonly less: number;
  /** Two-sided: probability of all counts that are no likelier than this one (as R's binom.test). */
  readonly different: number;
}

/** Counts whose probabilities differ by less than this share are equally likely; rounding must not decide. */
const EQUALLY_LIKELY = 1 + 1e-7;

/**
 * Exact binomial test: is the share of `successes` in independent `trials` what `probability` says? For "is the model
 * better than chance" pass the days it was right on and the larger of 0.5 and the majority's share. Throws RangeError as
 * {@link binomialUpperTail}.
 */
export function binomialTest(successes: number, trials: number, probability: number): BinomialTest {
  const greater = binomialUpperTail(successes, trials, probability);
  const less = binomialUpperTail(trials - successes, trials, 1 - probability);
  if (probability === 0 || probability === 1) return { greater, less, different: Math.min(greater, less) };
  const own = probabilityOf(successes, trials, probability) * EQUALLY_LIKELY;
  const mean = trials * probability;
  const likelier = (count: number): boolean => probabilityOf(count, trials, probability) > own;
  if (successes > mean) {
    // The last count below the mean that is no likelier; likelihood rises up to the mean.
    const below = lastWhere(Math.floor(mean), (count) => !likelier(count));
    return { greater, less, different: Math.min(1, greater + (below < 0 ? 0 : binomialUpperTail(trials - below, trials, 1 - probability))) };
  }
  const above = lastWhere(trials - Math.ceil(mean), (misses) => !likelier(trials - misses));
  return { greater, less, different: Math.min(1, less + (above < 0 ? 0 : binomialUpperTail(trials - above, trials, probability))) };
}

/** The largest whole number in 0 … `most` for which a property holds that holds for all smaller ones; −1 for none. */
function lastWhere(most: number, holds: (value: number) => boolean): number {
  let [low, high] = [-1, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Throws RangeError unless 0 ≤ successes ≤ trials are whole numbers. */
export function checkCounts(successes: number, trials: number): void {
  if (Number.isSafeInteger(successes) && Number.isSafeInteger(trials) && successes >= 0 && trials >= successes) return;
  throw new RangeError(`Successes and trials are whole numbers with 0 ≤ successes ≤ trials; got ${successes} of ${trials}.`);
}

/** Probability of exactly so many successes. */
export function probabilityOf(successes: number, trials: number, probability: number): number {
  const ways = logFactorial(trials) - logFactorial(successes) - logFactorial(trials - successes);
  return Math.exp(ways + successes * Math.log(probability) + (trials - successes) * Math.log1p(-probability));
}

/** ln n!: by sum up to 20, by Stirling's series (Abramowitz and Stegun 6.1.41) above. */
function logFactorial(n: number): number {
  if (n <= 20) {
    let sum = 0;
    for (let k = 2; k <= n; k++) sum += Math.log(k);
    return sum;
  }
  const square = n * n;
  const correction = (1 / 12 - (1 / 360 - 1 / (1260 * square)) / square) / n;
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + correction;
}
