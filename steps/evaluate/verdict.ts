import { decide, type FirstModelPolicy, type GateDecision, type OutsideCheck, type Trials } from '../../model/gate/index.ts';
import type { Slice } from '../../model/metrics/index.ts';
import { whyIncomparable } from './read-champion.ts';
import { BASE_RATE, type Judgement } from './judge.ts';
import type { Table } from './judged-days.ts';
import { trainedUntil, type ReadModel } from './read-model.ts';

export interface VerdictEvidence {
  readonly slices: readonly Slice[];
  /** Undefined: nobody has counted. */
  readonly trials: Trials | undefined;
  /** What was found outside the gate: of the data, the artefact and the limits. */
  readonly answers: readonly OutsideCheck[];
  readonly firstModel: FirstModelPolicy;
  readonly seed: number;
}

/**
 * Asks the gate, all seven questions. Two cases need no gate: the chosen model may be the one in production, and the one in
 * production may answer another question, which no number of days can compare.
 */
export function decidePromotion(model: ReadModel, champion: ReadModel | undefined, table: Table, judgement: Judgement, evidence: VerdictEvidence): GateDecision {
  const { rows, labels, forecasts, majority } = judgement;
  const { slices, trials, answers, firstModel, seed } = evidence;
  const isSame = champion?.digest === model.digest;
  const incomparable = champion && !isSame ? whyIncomparable(model, champion) : undefined;
  const opponent = isSame || incomparable !== undefined ? undefined : champion;
  const gate = decide({
    dates: table.dates.slice(rows.from, rows.to),
    labels,
    horizonDays: model.document.horizonDays,
    candidate: { probabilities: forecasts[0]!.probabilities, trainedUntil: trainedUntil(model.document) },
    ...(opponent ? { champion: { probabilities: forecasts[1]!.probabilities, trainedUntil: trainedUntil(opponent.document) } } : {}),
    baselines: { baseRate: forecasts.find(({ name }) => name === BASE_RATE)!.probabilities, majority: majority.predicted },
    outsideChecks: answers,
    slices,
    ...(trials ? { trials } : {}),
    settings: { seed, firstModel, demandEveryAnswer: true },
  });
  if (isSame) return { ...gate, decision: 'keep', reason: 'Not promoted: the best candidate is the model that is in production already.' };
  if (incomparable !== undefined) {
    return {
      ...gate,
      decision: 'inconclusive',
      reason: `Undecided, and the model in production stays: ${incomparable}, so no number of days compares the two. A person can promote the candidate.`,
    };
  }
  return gate;
}
