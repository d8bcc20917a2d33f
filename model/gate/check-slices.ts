import { listed } from '../../dsl/util/index.ts';
import { dailyLogLoss } from '../metrics/probability.ts';
import { defaultBlockLength, quantileOfSorted, resampleDays } from '../statistics/stationary-bootstrap.ts';
import type { GateCheck } from './decision.ts';
import type { GateEvidence, GateSettings } from './evidence.ts';
import { SLICE_CHECK } from './questions.ts';
import { aboveOrBelow, nats } from './wording.ts';

/** One slice against one reference. */
interface SliceComparison {
  readonly name: string;
  readonly days: number;
  /** Mean of candidate's minus reference's log-loss on the days of the slice. */
  readonly difference: number;
  /** One-sided lower bound, its level divided among all comparisons. */
  readonly lower: number;
  readonly reference: string;
}

/**
 * A model may be good on the whole and ruinous in one regime. A slice has collapsed when the candidate is measurably worse
 * there than the base-rate forecast, or than the model in production, and by more than the margin on average. The level
 * is divided among all comparisons (Bonferroni), for among ten slices one looks bad by luck. All days are resampled in
 * blocks and the slice is taken from each resample.
 */
export function checkSlices(evidence: GateEvidence, settings: GateSettings): GateCheck {
  const { slices = [] } = evidence;
  const { minimumSliceDays, sliceMargin } = settings;
  const large = slices.filter(({ includes }) => countDays(includes) >= minimumSliceDays);
  const check = (passed: GateCheck['passed'], detail: string): GateCheck => ({ name: SLICE_CHECK, kind: 'hard', passed, detail });
  if (large.length === 0) return check('unknown', `none of ${slices.length} slices has the ${minimumSliceDays} days that are needed to judge it`);
  const comparisons = compareSlices(evidence, large, settings);
  const collapsed = comparisons.filter(({ difference, lower }) => lower > 0 && difference > sliceMargin);
  const told = ({ name, days, difference, lower, reference }: SliceComparison): string =>
    `on ${days} days of ${name} the log-loss is ${aboveOrBelow(difference)} ${reference}'s (lower bound ${nats(lower)}, margin ${nats(sliceMargin)})`;
  if (collapsed.length > 0) return check(false, listed(collapsed.map(told)));
  const worst = comparisons.reduce((worse, own) => (own.difference > worse.difference ? own : worse));
  const small = slices.filter((slice) => !large.includes(slice)).map(({ name }) => name);
  const unjudged = small.length === 0 ? '' : `; too small to judge: ${small.join(', ')}`;
  return check(true, `none of ${large.length} slices collapses: at worst, ${told(worst)}${unjudged}`);
}

function compareSlices(evidence: GateEvidence, slices: NonNullable<GateEvidence['slices']>, settings: GateSettings): readonly SliceComparison[] {
  const { labels, candidate, champion, baselines, horizonDays } = evidence;
  const count = labels.length;
  const own = dailyLogLoss(labels, candidate.probabilities);
  const references = [
    { reference: 'the base-rate forecast', probabilities: baselines.baseRate },
    ...(champion ? [{ reference: 'the model in production', probabilities: champion.probabilities }] : []),
  ];
  const pairs = references.flatMap(({ reference, probabilities }) => {
    const other = dailyLogLoss(labels, probabilities);
    const differences = own.map((loss, day) => loss - other[day]!);
    return slices.map((slice) => ({ slice, reference, differences, resampled: [] as number[] }));
  });
  const options = { seed: settings.seed, resamples: settings.resamples, meanBlockLength: defaultBlockLength(count, horizonDays) };
  resampleDays(count, options, (days) => {
    for (const { slice, differences, resampled } of pairs) {
      const mean = meanWithin(slice.includes, differences, days);
      if (mean !== null) resampled.push(mean);
    }
  });
  const allDays = Uint32Array.from({ length: count }, (_, day) => day);
  return pairs.map(({ slice: { name, includes }, reference, differences, resampled }) => ({
    name,
    reference,
    days: countDays(includes),
    difference: meanWithin(includes, differences, allDays)!,
    lower: quantileOfSorted(Float64Array.from(resampled).sort(), settings.level / pairs.length),
  }));
}

function meanWithin(includes: Uint8Array, differences: Float64Array, days: Uint32Array): number | null {
  let [sum, count] = [0, 0];
  for (const day of days) {
    if (includes[day] !== 1) continue;
    sum += differences[day]!;
    count++;
  }
  return count === 0 ? null : sum / count;
}

function countDays(includes: Uint8Array): number {
  return includes.reduce((sum, included) => sum + included, 0);
}
