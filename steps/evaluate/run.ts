import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { canonicalJson } from '../../dsl/util/index.ts';
import { readDataset } from '../runtime/dataset.ts';
import { implementStep } from '../runtime/index.ts';
import { refuseRangeErrors } from '../runtime/refuse.ts';
import { chooseCandidate } from './choose.ts';
import { evaluate } from './contract.ts';
import { figuresOf } from './figures.ts';
import { judge } from './judge.ts';
import { judgedRows, readTable } from './judged-days.ts';
import { readChampion, whyIncomparable } from './read-champion.ts';
import { describeSettings, readModel, trainedUntil } from './read-model.ts';
import { isAlias, resolveChampion } from './resolve-champion.ts';
import { decidePromotion } from './verdict.ts';
import { writeVerdict } from './write-verdict.ts';

export default implementStep(evaluate, async ({ parameters, inputs, outputs, environment, log }) => {
  const { champion: championDigest, costBasisPoints, seed } = parameters;
  if (inputs.candidates.length === 0) {
    throw new PipewrightError({ code: 'PW501', message: 'There is no candidate to evaluate.', fix: 'Give the pipeline at least one candidate.' });
  }
  if (isAlias(championDigest)) {
    throw new PipewrightError({ code: 'PW501', message: `The champion "${championDigest}" is an alias, which stands for another model from day to day.`, fix: 'Give the digest that "pipewright models versions" shows, or nothing for none.' });
  }
  const table = readTable(await readDataset(inputs.features));
  const models = await Promise.all(inputs.candidates.map(readModel));
  const champion = championDigest === '' ? undefined : await readChampion(championDigest, environment);

  const choice = chooseCandidate(models, table);
  const { model } = choice.trials[choice.chosen]!;
  log(`Candidate ${choice.chosen} of ${models.length} is chosen on validation days: ${describeSettings(model.document)}.`);

  const opponent = champion && whyIncomparable(model, champion) === undefined ? champion : undefined;
  const known = [model, ...(opponent ? [opponent] : [])].map(({ document }) => trainedUntil(document));
  const rows = judgedRows(table, known);
  const { horizonDays } = model.document;
  const { judgement, gate } = await refuseRangeErrors('PW504', 'Give a longer history, so that there are days which no model has seen.', () => {
    const judged = judge(model, opponent, table, { rows, horizonDays, costBasisPoints, seed });
    return { judgement: judged, gate: decidePromotion(model, champion, table, judged, seed) };
  });

  await mkdir(outputs.model, { recursive: true });
  for (const [name, bytes] of Object.entries(model.files)) await writeFile(join(outputs.model, name), bytes);
  await writeVerdict(outputs.verdict, { table, choice, judgement, gate, champion: championDigest, costBasisPoints });
  await writeFile(outputs.figures, `${canonicalJson(figuresOf({ table, choice, judgement, gate, horizonDays, costBasisPoints }))}\n`);
  log(gate.reason);
  const ofMajority = judgement.forecasters.find(({ name }) => name === 'majority')!;
  return {
    decision: gate.decision,
    reason: gate.reason,
    chosen: choice.chosen,
    testDays: rows.to - rows.from,
    accuracy: judgement.forecasters[0]!.classification.accuracy,
    majorityAccuracy: ofMajority.classification.accuracy,
  };
}, { resolve: resolveChampion });
