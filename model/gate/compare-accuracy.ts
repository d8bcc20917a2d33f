import { predictedClasses } from '../metrics/confusion.ts';
import { exactMcNemar } from '../statistics/mcnemar.ts';
import { daysToShowShare, type TestDesign } from '../statistics/power.ts';
import type { GateCheck } from './decision.ts';
import { chance, percent } from './wording.ts';

export interface AccuracyComparison {
  readonly check: GateCheck;
  /** Independent days in all that would show the lead, if it is real; null without a lead. */
  readonly daysToShow: number | null;
}

export const ACCURACY_CHECK = "accuracy better than the majority forecast's";

/**
 * Is the candidate more often right than the majority forecast on the same days? By McNemar's exact test on one day in
 * `horizonDays`, because labels that look several days ahead overlap and are not independent.
 */
export function compareAccuracy(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  majority: ArrayLike<number>,
  horizonDays: number,
  { level, power, promotionLevel }: TestDesign & { readonly promotionLevel: number },
): AccuracyComparison {
  const candidateRight = rightOn(labels, predictedClasses(probabilities));
  const majorityRight = rightOn(labels, majority);
  const independent = (_: boolean, day: number): boolean => day % horizonDays === 0;
  const test = exactMcNemar(candidateRight.filter(independent), majorityRight.filter(independent));
  const [own, other] = [shareOf(candidateRight), shareOf(majorityRight)];
  const passed = test.firstBetter < promotionLevel ? true : test.secondBetter < level ? false : 'unknown';
  const leader = own < other ? test.secondBetter : test.firstBetter;
  const thinned = horizonDays === 1 ? '' : ` on one day in ${horizonDays}`;
  return {
    check: {
      name: ACCURACY_CHECK,
      kind: 'superior',
      against: 'baseline',
      passed,
      detail:
        `${percent(own)} of the directions are right against ${percent(other)} for the majority forecast ` +
        `(alone right: ${test.onlyFirst} against ${test.onlySecond} days${thinned}, one-sided ${chance(leader)})`,
    },
    daysToShow: own > other && other > 0 && own < 1 ? daysToShowShare(other, own, { level: promotionLevel, power }) : null,
  };
}

function rightOn(labels: ArrayLike<number>, predicted: ArrayLike<number>): boolean[] {
  return Array.from(labels, (label, day) => label === predicted[day]);
}

function shareOf(right: readonly boolean[]): number {
  return right.filter(Boolean).length / right.length;
}
