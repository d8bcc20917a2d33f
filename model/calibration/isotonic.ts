import { countUps } from './labels.ts';

/** A rising line through points: scores ascending, and the probability at each. Beyond both ends it is flat. */
export interface IsotonicFit {
  readonly scores: readonly number[];
  readonly probabilities: readonly number[];
}

/** How far points are apart at least, in deviations of the scores. */
const LEAST_STEP = 1 / 16;

interface Block {
  readonly from: number;
  readonly to: number;
  readonly ups: number;
  readonly days: number;
}

/**
 * Isotonic regression by the pool-adjacent-violators algorithm (Ayer et al. 1955; for calibration Zadrozny and Elkan
 * 2002): the rising probabilities with the least squared error. Between points the line is straight, as in scikit-learn.
 * Days whose scores are equal, or nearly so, are one point: two points side by side would make a step so steep that the
 * rounding of single precision, which differs between backends, shows in the probability.
 *
 * No probability comes closer to 0 or 1 than 1 / (n + 2), Laplace's answer to n days of one kind: a validation part without
 * a single fall at its end must not make the next fall impossible. Throws RangeError as `fitPlatt`.
 */
export function fitIsotonic(scores: Float64Array, labels: ArrayLike<number>): IsotonicFit {
  countUps(scores, labels);
  const order = Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  const least = LEAST_STEP * deviationOf(scores);
  const blocks: Block[] = [];
  for (const row of order) {
    const last = blocks.at(-1);
    const isNear = last !== undefined && scores[row]! - last.from <= least;
    const from = isNear ? last.from : scores[row]!;
    const day = { from, to: from, ups: labels[row]!, days: 1 };
    if (isNear) blocks[blocks.length - 1] = merge(last, day);
    else blocks.push(day);
  }
  const pooled: Block[] = [];
  for (const block of blocks) {
    let next = block;
    // A share that does not rise is pooled with the one before it, as long as that helps.
    while (pooled.length > 0 && pooled.at(-1)!.ups * next.days >= next.ups * pooled.at(-1)!.days) next = merge(pooled.pop()!, next);
    pooled.push(next);
  }
  const margin = 1 / (scores.length + 2);
  const points = pooled.flatMap(({ from, to, ups, days }) => {
    const probability = Math.min(1 - margin, Math.max(margin, ups / days));
    return from === to ? [{ score: from, probability }] : [{ score: from, probability }, { score: to, probability }];
  });
  return { scores: points.map(({ score }) => score), probabilities: points.map(({ probability }) => probability) };
}

/** The probability at a score. NaN for NaN. */
export function isotonicAt({ scores, probabilities }: IsotonicFit, score: number): number {
  if (Number.isNaN(score)) return NaN;
  let low = 0;
  let high = scores.length - 1;
  if (score <= scores[0]!) return probabilities[0]!;
  if (score >= scores[high]!) return probabilities[high]!;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (scores[middle]! <= score) low = middle;
    else high = middle;
  }
  const share = (score - scores[low]!) / (scores[high]! - scores[low]!);
  return probabilities[low]! + share * (probabilities[high]! - probabilities[low]!);
}

function deviationOf(scores: Float64Array): number {
  const mean = scores.reduce((sum, score) => sum + score / scores.length, 0);
  return Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2 / scores.length, 0));
}

function merge(a: Block, b: Block): Block {
  return { from: a.from, to: b.to, ups: a.ups + b.ups, days: a.days + b.days };
}
