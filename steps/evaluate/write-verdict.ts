import { writeFile } from 'node:fs/promises';
import { canonicalJson } from '../../dsl/util/index.ts';
import { reviewOf, type FirstModelPolicy, type GateDecision } from '../../model/gate/index.ts';
import type { Choice } from './choose.ts';
import type { Comparison } from './compare.ts';
import type { Judgement } from './judge.ts';
import type { Table } from './judged-days.ts';
import type { Measured } from './measure.ts';
import type { MeasuredReturns } from './returns.ts';

export interface VerdictInputs {
  readonly table: Table;
  readonly choice: Choice;
  readonly judgement: Judgement;
  readonly measured: Measured;
  readonly returns: readonly MeasuredReturns[];
  readonly comparisons: readonly Comparison[];
  readonly gate: GateDecision;
  /** Digest of the model in production, empty for none. */
  readonly champion: string;
  readonly firstModel: FirstModelPolicy;
  readonly earlier: string;
  readonly costBasisPoints: number;
}

/** Writes down what the decision rests on: the ledger of the registry refers to this file by its digest. */
export async function writeVerdict(path: string, inputs: VerdictInputs): Promise<void> {
  const { table, choice, judgement, measured, returns, comparisons, gate, champion, firstModel, earlier, costBasisPoints } = inputs;
  const { rows, baseRate } = judgement;
  const verdict = {
    format: 'pipewright/verdict/1',
    ...gate,
    review: reviewOf(gate),
    policy: { firstModel },
    model: choice.trials[choice.chosen]!.model.digest,
    champion: champion === '' ? null : champion,
    candidates: choice.trials.map(({ model, validationLogLoss }) => ({ model: model.digest, validationLogLoss })),
    chosen: choice.chosen,
    judged: { from: table.dates[rows.from], to: table.dates[rows.to - 1], days: rows.to - rows.from },
    earlier,
    baseRate,
    costBasisPoints,
    forecasts: measured.forecasts.map(({ name, isProbabilistic, report, figures }) => ({ name, isProbabilistic, ...report, figures })),
    strategies: measured.strategies.map(({ name, report, figures }) => ({ name, ...report, figures })),
    returns,
    slices: measured.slices,
    calibration: measured.calibration,
    tests: comparisons,
  };
  await writeFile(path, `${canonicalJson(verdict)}\n`);
}
