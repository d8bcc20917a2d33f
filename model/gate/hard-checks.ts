import { predictedClasses } from '../metrics/confusion.ts';
import type { GateCheck } from './decision.ts';
import type { Forecasts, GateEvidence, GateSettings } from './evidence.ts';
import { BOTH_DIRECTIONS } from './questions.ts';
import { percent, roundPercent } from './wording.ts';

/** Probabilities that differ by less than this are one and the same answer. */
const SAME_PROBABILITY = 1e-6;

/**
 * Is this a fair trial? `worthJudging` is false when there are too few days, when only one direction happened on them, or
 * when outputs are no probabilities: then no figure means anything.
 */
export function fairTrialChecks(
  evidence: GateEvidence,
  settings: GateSettings,
): { readonly checks: readonly GateCheck[]; readonly worthJudging: boolean } {
  const outside = (evidence.outsideChecks ?? []).map((check) => ({ ...check, kind: 'hard' as const }));
  const enough = enoughDays(evidence, settings);
  const both = bothDirections(evidence);
  const valid = validOutput(evidence);
  return {
    checks: [...outside, unseenDays(evidence), enough, both, valid],
    worthJudging: [enough, both, valid].every(({ passed }) => passed === true),
  };
}

/**
 * Judged days that a label horizon needs. Labels over h days share closes with the h − 1 labels before and after, so what
 * counts is how many horizons stand side by side.
 */
export function neededDays(horizonDays: number, { minimumDays, minimumHorizons }: GateSettings): number {
  return Math.max(minimumDays, minimumHorizons * horizonDays);
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

function enoughDays({ dates, horizonDays }: GateEvidence, settings: GateSettings): GateCheck {
  const needed = neededDays(horizonDays, settings);
  const overlap = needed > settings.minimumDays ? `, ${settings.minimumHorizons} times the ${horizonDays} days that a label looks ahead` : '';
  return {
    name: 'enough days',
    kind: 'hard',
    passed: dates.length >= needed || 'unknown',
    detail: `${dates.length} days are judged and ${needed} are needed${overlap}`,
  };
}

/** On days of one direction alone, whoever leans to it looks clever. */
function bothDirections({ labels }: GateEvidence): GateCheck {
  const ups = Array.from(labels).reduce((sum, label) => sum + label, 0);
  const oneAlone = ups === 0 || ups === labels.length;
  return {
    name: BOTH_DIRECTIONS,
    kind: 'hard',
    passed: oneAlone ? 'unknown' : true,
    detail: oneAlone ? `${ups === 0 ? 'no' : 'every'} label of the ${labels.length} judged days is up, which can tell no forecast from a lean` : `${ups} of ${labels.length} labels are up`,
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
