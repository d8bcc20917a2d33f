import { writeFile } from 'node:fs/promises';
import { canonicalJson } from '../../dsl/util/index.ts';
import type { GateDecision } from '../../model/gate/index.ts';
import type { Choice } from './choose.ts';
import type { Judgement } from './judge.ts';
import type { Table } from './judged-days.ts';

export interface VerdictInputs {
  readonly table: Table;
  readonly choice: Choice;
  readonly judgement: Judgement;
  readonly gate: GateDecision;
  /** Digest of the model in production, empty for none. */
  readonly champion: string;
  readonly costBasisPoints: number;
}

/** Writes down what the decision rests on: the ledger of the registry refers to this file by its digest. */
export async function writeVerdict(path: string, { table, choice, judgement, gate, champion, costBasisPoints }: VerdictInputs): Promise<void> {
  const { rows, baseRate, forecasters, strategies } = judgement;
  const verdict = {
    format: 'pipewright/verdict/1',
    ...gate,
    model: choice.trials[choice.chosen]!.model.digest,
    champion: champion === '' ? null : champion,
    trials: choice.trials.map(({ model, validationLogLoss }) => ({ model: model.digest, validationLogLoss })),
    chosen: choice.chosen,
    judged: { from: table.dates[rows.from], to: table.dates[rows.to - 1], days: rows.to - rows.from },
    baseRate,
    costBasisPoints,
    forecasts: forecasters.map(({ name, classification }) => ({ name, ...classification })),
    strategies: strategies.map(({ name, report, sharpeInterval }) => ({ name, ...report, sharpeInterval })),
  };
  await writeFile(path, `${canonicalJson(verdict)}\n`);
}
