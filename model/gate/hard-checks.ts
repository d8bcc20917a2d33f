import { predictedClasses } from '../metrics/confusion.ts';
import type { GateCheck } from './decision.ts';
import type { Forecasts, GateEvidence, GateSettings } from './evidence.ts';
import { percent, roundPercent } from './wording.ts';

/** Probabilities that differ by less than this are one and the same answer. */
const SAME_PROBABILITY = 1e-6;

/**
 * Is this a fair trial? `worthJudging` is false when there are too few days, or when outputs are no probabilities: then
 * no figure means anything.
 */
export function fairTrialChecks(
  evidence: GateEvidence,
  settings: GateSettings,
): { readonly checks: readonly GateCheck[]; readonly worthJudging: boolean } {
  const outside = (evidence.outsideChecks ?? []).map((check) => ({ ...check, kind: 'hard' as const }));
  const enough = enoughDays(evidence, settings);
  const valid = validOutput(evidence);
  return {
    checks: [...outside, unseenDays(evidence), enough, valid],
    worthJudging: enough.passed === true && valid.passed === true,
  };
}

/** Does the model say anything? For probabilities on enough days. */
export function outputChecks({ candidate }: GateEvidence, { minimumClassShare }: GateSettings): readonly GateCheck[] {
  return [variedOutput(candidate), twoClasses(candidate, minimumClassShare)];
}

/** No judged day may be known to the candidate or to the model in production. */
function unseenDays({ dates, candidate, champion }: GateEvidence): GateCheck {
  const [first] = dates;
  const models = [
    { who: 'the candidate', until: candidate.trainedUntil },
    ...(champion ? [{ who: 'the model in production', until: champion.trainedUntil }] : []),
  ];
  const informed = models.find(({ until }) => first !== undefined && first <= until);
  return {
    name: 'unseen days',
    kind: 'hard',
    passed: informed === undefined,
    detail: informed
      ? `${informed.who} has seen days up to ${informed.until}, and the judged days begin on ${first}`
      : `every judged day comes after the last day that ${models.map(({ who, until }) => `${who} has seen (${until})`).join(' and that ')}`,
  };
}

function enoughDays({ dates }: GateEvidence, { minimumDays }: GateSettings): GateCheck {
  const enough = dates.length >= minimumDays;
  return {
    name: 'enough days',
    kind: 'hard',
    passed: enough || 'unknown',
    detail: `${dates.length} days are judged and ${minimumDays} are needed`,
  };
}

function validOutput({ candidate, dates }: GateEvidence): GateCheck {
  const outputs = Array.from(candidate.probabilities);
  const broken = outputs.flatMap((output, day) => (output >= 0 && output <= 1 ? [] : [day]));
  const [first] = broken;
  return {
    name: 'valid output',
    kind: 'hard',
    passed: first === undefined,
    detail:
      first === undefined
        ? `all ${outputs.length} outputs are probabilities`
        : `${broken.length} of ${outputs.length} outputs are no probabilities, first ${outputs[first]} on ${dates[first]}`,
  };
}

function variedOutput({ probabilities }: Forecasts): GateCheck {
  let [least, most] = [1, 0];
  for (const probability of Array.from(probabilities)) {
    least = Math.min(least, probability);
    most = Math.max(most, probability);
  }
  const constant = most - least < SAME_PROBABILITY;
  return {
    name: 'varied output',
    kind: 'hard',
    passed: !constant,
    detail: constant
      ? `the candidate answers ${most.toFixed(4)} whatever the day`
      : `the candidate's probabilities of up run from ${least.toFixed(4)} to ${most.toFixed(4)}`,
  };
}

function twoClasses({ probabilities }: Forecasts, minimumClassShare: number): GateCheck {
  const predicted = predictedClasses(probabilities);
  const up = predicted.reduce((sum, label) => sum + label, 0) / predicted.length;
  return {
    name: 'two-class output',
    kind: 'hard',
    passed: Math.min(up, 1 - up) >= minimumClassShare,
    detail: `the candidate predicts up on ${percent(up)} of the days; either direction needs ${roundPercent(minimumClassShare)}`,
  };
}
