import { decide, type GateDecision } from '../../model/gate/index.ts';
import { verifyGolden } from '../../model/document/index.ts';
import { whyIncomparable } from './read-champion.ts';
import type { Judgement } from './judge.ts';
import type { Table } from './judged-days.ts';
import { trainedUntil, type ReadModel } from './read-model.ts';

/**
 * Asks the gate. Two questions need no gate: the chosen model may be the one in production, and the one in production may
 * answer another question, which no number of days can compare.
 */
export function decidePromotion(model: ReadModel, champion: ReadModel | undefined, table: Table, judgement: Judgement, seed: number): GateDecision {
  const { rows, labels, majority, baseRate } = judgement;
  const isSame = champion?.digest === model.digest;
  const incomparable = champion && !isSame ? whyIncomparable(model, champion) : undefined;
  const opponent = isSame || incomparable !== undefined ? undefined : champion;
  const golden = verifyGolden(model.predictor, model.document);
  const gate = decide({
    dates: table.dates.slice(rows.from, rows.to),
    labels,
    horizonDays: model.document.horizonDays,
    candidate: { probabilities: judgement.forecasters[0]!.probabilities, trainedUntil: trainedUntil(model.document) },
    ...(opponent ? { champion: { probabilities: judgement.forecasters[1]!.probabilities, trainedUntil: trainedUntil(opponent.document) } } : {}),
    baselines: { baseRate, majority: majority.predicted },
    outsideChecks: [
      {
        name: 'golden predictions',
        passed: golden.agrees,
        detail: `the served predictor is within ${golden.largestDifference.toExponential(1)} of what training answered on ${golden.compared} rows`,
      },
    ],
    settings: { seed },
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
