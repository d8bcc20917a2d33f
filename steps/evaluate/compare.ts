import { dailyLogLoss, predictedClasses } from '../../model/metrics/index.ts';
import { binomialTest, dependentDirections, dieboldMariano, estimateSharpe, midPMcNemar, pesaranTimmermann, probabilisticSharpe, type NoTest } from '../../model/statistics/index.ts';
import { BASE_RATE, IN_PRODUCTION, LAGGED_LOGISTIC, type Forecast, type Judgement } from './judge.ts';

/** One statistical test of the chosen model. */
export interface Comparison {
  /** What a small probability speaks for: `more often right than the majority forecast`. */
  readonly claim: string;
  readonly test: string;
  /** The difference, share or ratio that is tested, in the unit of the claim; null where the test does not exist. */
  readonly effect: number | null;
  /** One-sided probability of such an effect, or a larger one, by luck; null where the test does not exist. */
  readonly probability: number | null;
  /** Why it does not exist. */
  readonly why?: string;
}

/**
 * Holds the chosen model against chance, the baselines and the model in production, each by the test for that question
 * (docs/guides/evaluation.md). Tests for independent days look at every h-th day of labels over h days. None of them
 * decides: the gate has its own two, and among ten tests at 5 % one that shows nothing speaks up every other time.
 */
export function compare({ labels, forecasts, strategies, majority, baseRate }: Judgement, horizonDays: number): readonly Comparison[] {
  const thin = (values: ArrayLike<number>): number[] => Array.from(values).filter((_, day) => day % horizonDays === 0);
  const own = forecasts[0]!;
  const happened = thin(labels);
  const said = thin(predictedClasses(own.probabilities));
  const right = (classes: ArrayLike<number>): boolean[] => happened.map((label, day) => label === classes[day]);
  const ownRight = right(said);
  const hits = ownRight.filter(Boolean).length;
  const against = (name: string): Forecast | undefined => forecasts.find((forecast) => forecast.name === name);

  const chance = Math.max(baseRate, 1 - baseRate);
  const comparisons: Comparison[] = [{
    claim: `right on more than ${(100 * chance).toFixed(1)} % of days, the majority's share before them`,
    test: 'exact binomial',
    effect: hits / happened.length - chance,
    probability: binomialTest(hits, happened.length, chance).greater,
  }];
  for (const [who, classes] of [
    ['the majority forecast', thin(majority.predicted)] as const,
    ...[LAGGED_LOGISTIC, 'persistence', IN_PRODUCTION].flatMap((name) => {
      const other = against(name);
      return other === undefined ? [] : [[`the ${name}`, thin(predictedClasses(other.probabilities))] as const];
    }),
  ]) {
    const otherRight = right(classes);
    const { firstBetter } = midPMcNemar(ownRight, otherRight);
    comparisons.push({ claim: `right more often than ${who}`, test: 'McNemar, mid-p', effect: (hits - otherRight.filter(Boolean).length) / happened.length, probability: firstBetter });
  }
  for (const name of [BASE_RATE, LAGGED_LOGISTIC, IN_PRODUCTION]) {
    const other = against(name);
    if (other === undefined) continue;
    const losses = [own, other].map(({ probabilities }) => dailyLogLoss(labels, probabilities));
    const squares = [own, other].map(({ probabilities }) => probabilities.map((probability, day) => (probability - labels[day]!) ** 2));
    for (const [what, [first, second]] of [['log-loss', losses], ['Brier score', squares]] as const) {
      const tested = dieboldMariano(first!, second!, { horizonDays });
      comparisons.push({ claim: `lower ${what} than the ${name}`, test: 'Diebold–Mariano', ...outcome(tested, (found) => [found.meanDifference, found.firstBetter]) });
    }
  }
  comparisons.push({ claim: 'skill in the direction beyond the drift', test: 'Pesaran–Timmermann', ...outcome(pesaranTimmermann(happened, said), (found) => [found.right - found.rightByChance, found.skilled]) });
  const dependent = dependentDirections(labels, predictedClasses(own.probabilities), horizonDays);
  comparisons.push({ claim: 'the same where days depend on each other', test: 'Pesaran–Timmermann 2009', ...outcome(dependent, (found) => [found.correlation, found.skilled]) });
  const ratio = estimateSharpe(strategies[0]!.run.daily);
  comparisons.push({
    claim: 'Sharpe ratio of the strategy above 0', test: 'probabilistic Sharpe ratio',
    ...(ratio.kind === 'estimated' ? { effect: ratio.ratio, probability: 1 - probabilisticSharpe(ratio) } : { effect: null, probability: null, why: ratio.reason }),
  });
  return comparisons;
}

function outcome<Tested extends { readonly kind: 'tested' }>(test: Tested | NoTest, read: (tested: Tested) => readonly [number, number]): Pick<Comparison, 'effect' | 'probability' | 'why'> {
  if (test.kind === 'undefined') return { effect: null, probability: null, why: test.reason };
  const [effect, probability] = read(test as Tested);
  return { effect, probability };
}
