import { checkScores } from './check.ts';
import { orderByScore } from './rank.ts';

/** One point of the ROC curve: calling every score from `threshold` on "up" gives these two rates. */
export interface RocPoint {
  /** Null at the start of the curve, where nothing is called up. */
  readonly threshold: number | null;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/**
 * Area under the ROC curve: the probability that a random up day has a higher score than a random other day, a tie
 * counting half. By ranks (Mann and Whitney; Hanley and McNeil, Radiology 143, 1982), so ties are exact. 0.5 is chance.
 * Null when a class never happened. `scores` may be any finite numbers, one per label. Throws RangeError as
 * `checkScores`.
 */
export function areaUnderRoc(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  checkScores(labels, scores);
  const order = orderByScore(scores);
  let ups = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end++;
    // Tied days share the mean of the ranks start + 1 … end.
    let upsOfTie = 0;
    for (let at = start; at < end; at++) upsOfTie += labels[order[at]!]!;
    rankSum += (upsOfTie * (start + 1 + end)) / 2;
    ups += upsOfTie;
    start = end;
  }
  const others = order.length - ups;
  return ups === 0 || others === 0 ? null : (rankSum - (ups * (ups + 1)) / 2) / (ups * others);
}

/**
 * The ROC curve, from (0, 0) to (1, 1), one point per distinct score, highest threshold first. Empty when a class never
 * happened. Throws RangeError as `checkScores`.
 */
export function rocPoints(labels: ArrayLike<number>, scores: ArrayLike<number>): readonly RocPoint[] {
  checkScores(labels, scores);
  const order = orderByScore(scores).reverse();
  let ups = 0;
  for (let day = 0; day < labels.length; day++) ups += labels[day]!;
  const others = labels.length - ups;
  if (ups === 0 || others === 0) return [];
  const points: RocPoint[] = [{ threshold: null, falsePositiveRate: 0, truePositiveRate: 0 }];
  let truePositives = 0;
  for (let at = 0; at < order.length; at++) {
    const score = scores[order[at]!]!;
    truePositives += labels[order[at]!]!;
    if (at + 1 < order.length && scores[order[at + 1]!] === score) continue;
    points.push({
      threshold: score,
      falsePositiveRate: (at + 1 - truePositives) / others,
      truePositiveRate: truePositives / ups,
    });
  }
  return points;
}
