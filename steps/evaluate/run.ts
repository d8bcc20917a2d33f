import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { canonicalJson } from '../../dsl/util/index.ts';
import { readDataset } from '../runtime/dataset.ts';
import { implementStep } from '../runtime/index.ts';
import { refuseRangeErrors } from '../runtime/refuse.ts';
import { answerOfData, answerOfLimits, answersOfArtefact } from './answers.ts';
import { chooseCandidate } from './choose.ts';
import { compare } from './compare.ts';
import { evaluate } from './contract.ts';
import { countTries } from './count-tries.ts';
import { figuresOf } from './figures.ts';
import { judge } from './judge.ts';
import { judgedRows, readTable, refuseSplitLeaks } from './judged-days.ts';
import { measure } from './measure.ts';
import { readChampion, whyIncomparable } from './read-champion.ts';
import { describeSettings, readModel, trainedUntil } from './read-model.ts';
import { isAlias, resolveChampion } from './resolve-champion.ts';
import { resolveEarlier } from './resolve-earlier.ts';
import { measureReturns } from './returns.ts';
import { slicesOf } from './slices.ts';
import { decidePromotion } from './verdict.ts';
import { writeCard } from './write-card.ts';
import { writeVerdict } from './write-verdict.ts';

export default implementStep(evaluate, async ({ parameters, inputs, outputs, environment, log }) => {
  const { champion: championDigest, costBasisPoints, seed, firstModel, earlier, resamples } = parameters;
  if (inputs.candidates.length === 0) {
    throw new PipewrightError({ code: 'PW501', message: 'There is no candidate to evaluate.', fix: 'Give the pipeline at least one candidate.' });
  }
  if (isAlias(championDigest)) {
    throw new PipewrightError({ code: 'PW501', message: `The champion "${championDigest}" is an alias, which stands for another model from day to day.`, fix: 'Give the digest that "pipewright models versions" shows, or nothing for none.' });
  }
  const table = readTable(await readDataset(inputs.features));
  const models = await Promise.all(inputs.candidates.map(readModel));
  const champion = championDigest === '' ? undefined : await readChampion(championDigest, environment);

  refuseSplitLeaks(table, models[0]!.document.horizonDays);
  const choice = chooseCandidate(models, table);
  const { model } = choice.trials[choice.chosen]!;
  log(`Candidate ${choice.chosen} of ${models.length} is chosen on validation days: ${describeSettings(model.document)}.`);

  const opponent = champion && whyIncomparable(model, champion) === undefined ? champion : undefined;
  const known = [model, ...(opponent ? [opponent] : [])].map(({ document }) => trainedUntil(document));
  const rows = judgedRows(table, known);
  const { horizonDays } = model.document;
  const answers = [
    ...(inputs.validation === undefined ? [] : [await answerOfData(inputs.validation, table, inputs.definition)]),
    ...answersOfArtefact(model),
    answerOfLimits(model, log),
  ];
  const evaluated = await refuseRangeErrors('PW504', 'Give a longer history, so that there are days which no model has seen.', () => {
    const judgement = judge(model, opponent, table, { rows, horizonDays, costBasisPoints, seed });
    const slices = slicesOf(table, judgement);
    const trials = countTries(earlier, table, choice, judgement);
    const gate = decidePromotion(model, champion, table, judgement, { slices, trials, answers, firstModel, seed });
    return { judgement, gate, measured: measure(judgement, slices, { horizonDays, seed, resamples }), returns: measureReturns(model, opponent, table, { rows, horizonDays, seed, resamples }), comparisons: compare(judgement, horizonDays) };
  });

  await mkdir(outputs.model, { recursive: true });
  for (const [name, bytes] of Object.entries(model.files)) await writeFile(join(outputs.model, name), bytes);
  await writeVerdict(outputs.verdict, { table, choice, ...evaluated, champion: championDigest, firstModel, earlier, costBasisPoints });
  await writeCard(outputs.card, model, outputs.verdict);
  await writeFile(outputs.figures, `${canonicalJson(figuresOf({ table, choice, ...evaluated, horizonDays, costBasisPoints }))}\n`);
  const { gate, measured } = evaluated;
  log(gate.reason);
  const { accuracy, areaUnderRoc, logLoss } = measured.forecasts[0]!.report;
  return {
    decision: gate.decision,
    reason: gate.reason,
    chosen: choice.chosen,
    testDays: rows.to - rows.from,
    accuracy,
    // Without a day of either direction there is no curve.
    areaUnderRoc: areaUnderRoc ?? 0.5,
    logLoss,
    sharpeRatio: measured.strategies[0]!.report.sharpeRatio ?? 0,
    majorityAccuracy: measured.forecasts.find(({ name }) => name === 'majority')!.report.accuracy,
  };
}, { resolve: async (asked) => resolveEarlier({ ...asked, parameters: await resolveChampion(asked) }) });
