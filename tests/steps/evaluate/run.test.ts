import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODEL_FILES } from '../../../model/document/index.ts';
import { sliceBars, type Bars } from '../../../model/bars.ts';
import { openDirectoryStore, putArtifact, type Store } from '../../../store/index.ts';
import validate from '../../../steps/validate/run.ts';
import evaluate from '../../../steps/evaluate/run.ts';
import { readDataset, writeDataset } from '../../../steps/runtime/dataset.ts';
import { runInline } from '../../../steps/runtime/index.ts';
import { sp500 } from '../../model/sample-bars.ts';
import { createRig, featuresOf, QUICK, readJson, trainOn, writeBars, type Features, type Rig } from '../rig.ts';

const BAD = { architecture: 'logistic', learningRate: 1, maxEpochs: 1, batchSize: 2000, l2: 0 } as const;

describe('evaluate', () => {
  let rig: Rig;
  let store: Store;
  let location: string;
  let features: Features;
  let good: string;
  let bad: string;
  let validation: string;
  beforeAll(async () => {
    rig = await createRig();
    location = join(rig.folder, 'store');
    store = await openDirectoryStore(location);
    features = await featuresOf(rig, sp500());
    validation = await findingsOf(sp500());
    good = await trainOn(rig, features, { ...QUICK, learningRate: 0.003, l2: 0.03, maxEpochs: 25 });
    bad = await trainOn(rig, features, BAD);
  });
  afterAll(() => rig.remove());

  const findingsOf = async (bars: Bars): Promise<string> => {
    const { outputs } = await runInline(validate, { folder: await rig.make(), inputs: { prices: await writeBars(rig, bars) }, parameters: { onStop: 'report' } });
    return outputs.findings;
  };

  interface Parameters { champion?: string; costBasisPoints?: number; firstModel?: 'superior' | 'non-inferior'; earlier?: string }
  const run = async (candidates: readonly string[], parameters: Parameters = {}, table = features.table, findings: string | null = validation, definition?: string) =>
    runInline(evaluate, {
      folder: await rig.make(), inputs: { candidates, features: table, ...(definition === undefined ? {} : { definition }), ...(findings === null ? {} : { validation: findings }) }, parameters: { resamples: 100, ...parameters }, environment: { PIPEWRIGHT_STORE: location },
    });

  const digestOf = async (model: string): Promise<string> => (await putArtifact(store, model)).digest;

  async function changeTable(change: (value: number, column: string, part: string) => number): Promise<string> {
    const table = await readDataset(features.table);
    const part = table.texts('part');
    const columns = table.names.map((name) => [
      name, name === 'date' || name === 'part' ? table.texts(name) : table.numbers(name).map((value, row) => change(value, name, part[row]!)),
    ]);
    const path = join(await rig.make(), 'table.arrow');
    await writeDataset(path, Object.fromEntries(columns));
    return path;
  }

  it('measures the return itself where a model forecasts one, beside the mean of training, and judges its direction as any other', async () => {
    const ofReturn = await trainOn(rig, features, { architecture: 'gradient-boosted-trees', learningRate: 0.05, maxTrees: 20, maxDepth: 2, minRows: 50, target: 'return' });
    const { outputs, results } = await run([ofReturn]);
    const verdict = await readJson(outputs.verdict);
    expect(verdict.returns.map(({ name }: { name: string }) => name)).toEqual(['chosen model', 'mean of training']);
    const [own, mean] = verdict.returns as { figures: Record<string, { value: number }> }[];
    // Against itself the mean explains nothing; the squares of errors and their root fit together.
    expect(mean!.figures['rSquared']!.value).toBeCloseTo(0, 12);
    expect(own!.figures['rootMeanSquaredError']!.value ** 2).toBeCloseTo(own!.figures['meanSquaredError']!.value, 12);
    expect(own!.figures['rSquared']!.value).toBeCloseTo(1 - own!.figures['meanSquaredError']!.value / mean!.figures['meanSquaredError']!.value, 9);
    expect((await readJson(outputs.figures)).tables.map(({ title }: { title: string }) => title)).toContain('Return of the next day, as a number');
    expect(results.logLoss).toBeLessThan(0.75);
    expect((await readJson((await run([good])).outputs.verdict)).returns).toEqual([]);
    expect(await readFile(join(outputs.card, 'card.md'), 'utf8')).toContain('| mean of training | ');
  });

  it('writes a card of the chosen model: its digest, figures with intervals beside the baselines, and its limits', async () => {
    const { outputs, results } = await run([bad, good]);
    const card = await readJson(join(outputs.card, 'card.json'));
    expect(card).toMatchObject({ format: 'pipewright/model-card/1', model: { name: 'stock-direction', digest: await digestOf(good), version: null }, judgement: { decision: results.decision, reason: results.reason, candidates: 2, days: { days: results.testDays } } });
    expect(card.judgement.forecasts[0].figures.accuracy.value).toBe(results.accuracy);
    expect(card.judgement.forecasts.map(({ name }: { name: string }) => name)).toContain('majority');
    const text = await readFile(join(outputs.card, 'card.md'), 'utf8');
    expect(text).toContain(`| ${card.judgement.forecasts[0].name} | ${results.accuracy.toFixed(4)} (`);
    expect(text).toContain(`- It was judged on ${results.testDays} days from `);
  });

  it('chooses the lowest log-loss on validation days, and hands that model on as it is', async () => {
    for (const [candidates, chosen] of [[[bad, good], 1], [[good, bad], 0], [[good, good], 0]] as const) {
      const { results, outputs } = await run(candidates);
      expect(results.chosen).toBe(chosen);
      for (const name of MODEL_FILES) expect(await readFile(join(outputs.model, name))).toEqual(await readFile(join(good, name)));
    }
  });

  it('looks at no test day to choose: turned round, they change the figures and not the choice', async () => {
    const turned = await changeTable((value, column, part) => (column === 'label' && part === 'test' ? 1 - value : value));
    const [before, after] = [await run([bad, good]), await run([bad, good], {}, turned)];
    expect(after.results.chosen).toBe(before.results.chosen);
    expect(after.results.accuracy).toBeCloseTo(1 - before.results.accuracy, 12);
    const other = await changeTable((value, column, part) => (column === 'label' && part === 'validation' ? 1 - value : value));
    const [own, changed] = [await readJson(before.outputs.verdict), await readJson((await run([bad, good], {}, other)).outputs.verdict)];
    expect(changed.candidates).not.toEqual(own.candidates);
    // The baselines know validation days, as a calibrated candidate does.
    for (const name of ['base rate', 'lagged logistic']) {
      const said = ({ forecasts }: typeof own): unknown => forecasts.find((forecast: { name: string }) => forecast.name === name).calibration.map(({ predicted }: { predicted: number }) => predicted);
      expect(said(changed)).not.toEqual(said(own));
    }
    expect(changed.baseRate).not.toBe(own.baseRate);
  });

  it('puts every figure beside its baselines', async () => {
    const { outputs, results } = await run([bad, good]);
    const figures = await readJson(outputs.figures);
    const [forecast, trading, questions, tests, intervals, slices, candidates, gate] = figures.tables;
    expect(forecast.rows.map(([name]: string[]) => name)).toEqual(['chosen model', 'base rate', 'lagged logistic', 'majority', 'always up', 'persistence', 'base-rate random']);
    expect(trading.rows.map(([name]: string[]) => name)).toEqual(['chosen model', 'buy and hold', 'lagged logistic', 'persistence']);
    expect(questions.rows).toHaveLength(7);
    expect(tests.rows.map(([, test]: string[]) => test)).toEqual(['exact binomial', ...Array(3).fill('McNemar, mid-p'), ...Array(4).fill('Diebold–Mariano'), 'Pesaran–Timmermann', 'Pesaran–Timmermann 2009', 'probabilistic Sharpe ratio']);
    expect(intervals.rows).toHaveLength(17);
    expect(slices.rows.map(([name]: string[]) => name)).toEqual(['2016', '2017', '2018', '2019', '2020', 'low volatility', 'middle volatility', 'high volatility', 'up was forecast', 'up was not forecast']);
    // Each day is in one slice of each of the three kinds.
    expect(slices.rows.reduce((sum: number, [, days]: [string, number]) => sum + days, 0)).toBe(3 * results.testDays);
    expect(forecast.note).toContain('2 candidates were tried');
    expect(candidates.rows).toHaveLength(2);
    expect(gate.rows.length).toBeGreaterThan(6);
    expect(figures.charts.map(({ kind }: { kind: string }) => kind)).toEqual(['line', 'line', 'line', 'interval', 'interval', 'interval', 'interval', 'matrix']);
    const [equity, confusion] = [figures.charts[0], figures.charts.at(-1)];
    expect(confusion.counts.flat().reduce((sum: number, count: number) => sum + count, 0)).toBe(results.testDays);
    expect(equity.series[0].x).toHaveLength(results.testDays);
    // Up days of the test part, counted by hand.
    const table = await readDataset(features.table);
    const part = table.texts('part');
    const labels = table.numbers('label').filter((_, row) => part[row] === 'test');
    expect(forecast.rows[4][1]).toBeCloseTo(labels.reduce((sum, label) => sum + label, 0) / labels.length, 12);
    expect(results.majorityAccuracy).toBe(forecast.rows[3][1]);
  });

  it('counts the profit of the days on which it is invested, less costs', async () => {
    const [free, dear] = [await run([good], { costBasisPoints: 0 }), await run([good], { costBasisPoints: 100 })];
    const profits = async (path: string): Promise<number[]> => (await readJson(path)).tables[1].rows.map((row: number[]) => row[1]);
    const table = await readDataset(features.table);
    const part = table.texts('part');
    const held = table.numbers('next_return').filter((_, row) => part[row] === 'test').reduce((capital, change) => capital * (1 + change), 1) - 1;
    expect((await profits(free.outputs.figures))[1]).toBeCloseTo(held, 9);
    const [withCosts, without] = [await profits(dear.outputs.figures), await profits(free.outputs.figures)];
    for (const at of [0, 1, 2]) expect(withCosts[at]).toBeLessThan(without[at]!);
  });

  it('takes no alias for a model: nobody has looked up what it stands for', async () => {
    await expect(run([good], { champion: 'production' })).rejects.toThrow(/^PW501: The champion "production" is an alias, which stands for another model from day to day\./);
  });

  it('keeps the model in production when it is the best candidate again', async () => {
    const { results } = await run([good], { champion: await digestOf(good) });
    expect(results).toMatchObject({ decision: 'keep', reason: 'Not promoted: the best candidate is the model that is in production already.' });
  });

  it('judges the model in production on the same days', async () => {
    const other = await trainOn(rig, features, { ...QUICK, learningRate: 0.003, l2: 0.03, maxEpochs: 24 }, { seed: 2 });
    const { outputs, results } = await run([good], { champion: await digestOf(other) });
    const figures = await readJson(outputs.figures);
    expect(figures.tables[0].rows[1][0]).toBe('model in production');
    expect(results.reason).toContain("the model in production's");
    expect(await readJson(outputs.verdict)).toMatchObject({ champion: await digestOf(other), model: await digestOf(good) });
  });

  it('judges on days alone that the model in production has not seen either', async () => {
    const later = await featuresOf(rig, sliceBars(sp500(), 300));
    const champion = await trainOn(rig, later);
    const { results, outputs } = await run([good], { champion: await digestOf(champion) });
    const { judged, checks } = await readJson(outputs.verdict);
    const { training } = await readJson(join(champion, 'pipewright.json'));
    expect(judged.from > training.splits.seen.to).toBe(true);
    expect(results.testDays).toBeLessThan((await run([good])).results.testDays);
    expect(checks.find(({ name }: { name: string }) => name === 'unseen days').passed).toBe(true);
  });

  it('cannot tell when the model in production answers another question', async () => {
    const champion = await trainOn(rig, await featuresOf(rig, sp500(), { horizonDays: 5 }));
    const { results } = await run([good], { champion: await digestOf(champion) });
    expect(results).toMatchObject({ decision: 'inconclusive' });
    expect(results.reason).toContain('it looks 5 trading days ahead and the candidate 1');
  });

  it('keeps what is there when the candidate is measurably worse than the base rate', async () => {
    const { results } = await run([bad]);
    expect(results.decision).toBe('keep');
    expect(results.reason).toMatch(/measurably worse|predicts up on/);
  });

  it('asks all seven questions, and promotes a first model only when it beats the base rate, unless the policy says otherwise', async () => {
    const [strict, lenient] = [await run([good]), await run([good], { firstModel: 'non-inferior' })];
    expect([strict.results.decision, lenient.results.decision]).toEqual(['inconclusive', 'promote']);
    expect(strict.results.reason).toMatch(/a first model must be shown to be better; about \d+ more days would decide/);
    const [asked, verdict] = [await readJson(strict.outputs.verdict), await readJson(lenient.outputs.verdict)];
    const answersOf = ({ review }: { review: { question: string; answer: string }[] }): string[] => review.map(({ question, answer }) => `${question} ${answer}`);
    expect(answersOf(verdict)).toEqual(['data yes', 'artefact yes', 'comparison yes', 'slices yes', 'limits yes', 'output yes', 'trials yes']);
    expect(answersOf(asked)).toContain('comparison open');
    expect(verdict.policy).toEqual({ firstModel: 'non-inferior' });
  });

  it('refuses a split that was shuffled, in the name of the split guard', async () => {
    const table = await readDataset(features.table);
    const part = [...table.texts('part')];
    part[100] = 'test';
    const columns = table.names.map((name) => [name, name === 'part' ? part : name === 'date' ? table.texts(name) : table.numbers(name)]);
    const path = join(await rig.make(), 'table.arrow');
    await writeDataset(path, Object.fromEntries(columns));
    await expect(run([good], {}, path)).rejects.toThrow(/^PW502: The split guard refuses the feature table: the (train|test) rows are no block of days/);
  });

  it('promotes nothing when nobody validated the data or counted the tries, nor on data that is not fit or other than the features', async () => {
    const other = await findingsOf(sliceBars(sp500(), 0, 4000));
    const unfit = join(await rig.make(), 'findings.json');
    await writeFile(unfit, JSON.stringify({ ...(await readJson(validation)), fit: false, stops: ['too many rows were set aside'] }));
    for (const [findings, parameters, decision, reason] of [
      [null, {}, 'inconclusive', 'nobody has shown that the data passed validation'],
      [validation, { earlier: 'now' }, 'inconclusive', 'nobody has shown that the tries are counted'],
      [other, {}, 'inconclusive', 'the validation is of data up to 2015-11-24, the features go up to 2020-04-17'],
      [unfit, {}, 'keep', 'the data is not fit for use: too many rows were set aside'],
    ] as const) {
      const { results } = await run([good], { firstModel: 'non-inferior', ...parameters }, features.table, findings);
      expect(results.decision).toBe(decision);
      expect(results.reason).toContain(reason);
    }
    await expect(run([good], {}, features.table, features.definition)).rejects.toThrow(/^PW502: .* is no validation report/);
  });

  it('takes the validation of no other bars for an answer, though they end on the same day', async () => {
    const bars = sp500();
    const altered = await findingsOf({ ...bars, volume: bars.volume.map((volume, row) => (row === 9 ? volume + 1 : volume)) });
    const [own, other] = [await run([good], { firstModel: 'non-inferior' }, features.table, validation, features.definition), await run([good], { firstModel: 'non-inferior' }, features.table, altered, features.definition)];
    expect([own.results.decision, other.results.decision]).toEqual(['promote', 'inconclusive']);
    expect(other.results.reason).toMatch(/the validation is of other bars \(sha256:[0-9a-f]{12}…\) than the features were made of \(sha256:/);
    await expect(run([good], {}, features.table, validation, validation)).rejects.toThrow(/^PW502: .* is no definition of features/);
  });

  it('counts earlier judgements on days that it judges, and not those on other days', async () => {
    const trialsOf = async (earlier: string) => (await readJson((await run([good, bad], { earlier })).outputs.verdict)).trials;
    expect(await trialsOf('')).toMatchObject({ triedModels: 2, earlierJudgements: 0, promotionLevel: 0.05 });
    expect(await trialsOf('2016-06-21:4:20,2019-11-29:1:5,2020-04-16:2:7')).toMatchObject({ triedModels: 14, earlierJudgements: 3, promotionLevel: 0.0125 });
    // On the first of the judged days, and on the day before it, which nobody judges here.
    const { judged } = await readJson((await run([good])).outputs.verdict);
    expect((await trialsOf(`${judged.from}:1:5`)).earlierJudgements).toBe(1);
    expect((await trialsOf(`${new Date(Date.parse(judged.from) - 86_400_000).toISOString().slice(0, 10)}:1:5`)).earlierJudgements).toBe(0);
    expect((await trialsOf('2020-04-16:1:5')).deflatedSharpe.probability).toBeLessThan((await trialsOf('')).deflatedSharpe.probability);
  });

  it('judges candidate, baselines and model in production on the same days, which none of them was trained on', async () => {
    const champion = await trainOn(rig, features, { ...QUICK, learningRate: 0.003, l2: 0.03, maxEpochs: 24 }, { seed: 2 });
    const { outputs } = await run([good], { champion: await digestOf(champion) });
    const verdict = await readJson(outputs.verdict);
    expect(verdict.forecasts.map(({ name }: { name: string }) => name).slice(0, 4)).toEqual(['chosen model', 'model in production', 'base rate', 'lagged logistic']);
    expect(new Set(verdict.forecasts.map(({ days }: { days: number }) => days))).toEqual(new Set([verdict.judged.days]));
    for (const model of [good, champion]) expect(verdict.judged.from > (await readJson(join(model, 'pipewright.json'))).training.splits.seen.to).toBe(true);
    // Turned round, the judged labels must not reach what the baselines were fitted on.
    const turned = await changeTable((value, column, part) => (column === 'label' && part === 'test' ? 1 - value : value));
    const other = await readJson((await run([good], {}, turned)).outputs.verdict);
    expect(other.baseRate).toBe(verdict.baseRate);
    const said = ({ forecasts }: typeof verdict, wanted: string): unknown => forecasts.find(({ name }: { name: string }) => name === wanted).calibration.map(({ predicted }: { predicted: number }) => predicted);
    expect(said(other, 'lagged logistic')).toEqual(said(verdict, 'lagged logistic'));
  });

  it('works for labels that look several days ahead, and says that they overlap', async () => {
    const ahead = await featuresOf(rig, sp500(), { horizonDays: 5 });
    const { outputs, results } = await run([await trainOn(rig, ahead)], {}, ahead.table);
    const { tables } = await readJson(outputs.figures);
    expect(tables[0].title).toMatch(/^Direction of the next 5 days on \d+ unseen days/);
    expect(tables[0].note).toContain('overlap');
    expect(results.testDays).toBeGreaterThan(900);
  });

  it('says what is missing', async () => {
    await expect(run([])).rejects.toThrow(/^PW501: There is no candidate to evaluate/);
    await expect(run([good], { champion: `sha256:${'0'.repeat(64)}` })).rejects.toThrow(/^PW402/);
    const inputs = { candidates: [good], features: features.table };
    await expect(runInline(evaluate, { folder: await rig.make(), inputs, parameters: { champion: await digestOf(good) } })).rejects.toThrow(/^PW501: .*PIPEWRIGHT_STORE/);
  });

  it('gives the same files for the same input', async () => {
    const [first, second] = [await run([bad, good]), await run([bad, good])];
    for (const name of ['verdict', 'figures'] as const) expect(await readFile(first.outputs[name])).toEqual(await readFile(second.outputs[name]));
  });
});
