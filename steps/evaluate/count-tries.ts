import type { Trials } from '../../model/gate/index.ts';
import { parseJudgements } from '../../registry/index.ts';
import type { Choice } from './choose.ts';
import type { Table } from './judged-days.ts';
import type { Judgement } from './judge.ts';

/**
 * How often the dice were rolled: earlier judgements whose days overlap the judged ones, the models that they chose from,
 * and the candidates of this run. Undefined when nobody has looked up what was judged before.
 */
export function countTries(earlier: string, table: Table, choice: Choice, { rows, strategies }: Judgement): Trials | undefined {
  if (earlier === 'now') return undefined;
  const overlapping = parseJudgements(earlier).filter(({ until }) => until >= table.dates[rows.from]!);
  return {
    triedModels: overlapping.reduce((sum, { models }) => sum + models, choice.trials.length),
    earlierJudgements: overlapping.reduce((sum, { judgements }) => sum + judgements, 0),
    dailyProfits: strategies[0]!.run.daily,
  };
}
