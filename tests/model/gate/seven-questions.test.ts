import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../dsl/util/index.ts';
import { decide, GATE_QUESTIONS, reviewOf, type GateDecision, type GateEvidence, type OutsideCheck } from '../../../model/gate/index.ts';
import { sliceByYear, type Slice } from '../../../model/metrics/index.ts';
import { createRandom } from '../../../model/random.ts';
import { expectSize } from '../statistics/size.ts';
import { simulateEvidence } from './evidence.ts';

const skilled = simulateEvidence({ days: 700, seed: 1, spread: 0.15, skill: 0.15 });
const check = (decision: GateDecision, name: string): GateDecision['checks'][number] | undefined => decision.checks.find((own) => own.name === name);
const passing = (answers: NonNullable<OutsideCheck['answers']>): OutsideCheck => ({ name: `${answers} looked at`, passed: true, detail: 'all is well', answers });
const outsideChecks = [passing('data'), passing('artefact'), passing('limits')];
/** Low, middle and high volatility: three, three and one of seven days. */
const regimes = (days: number): Slice[] =>
  [[0, 1, 2], [3, 4, 5], [6]].map((weekdays, at) => ({
    group: 'volatility',
    name: ['low volatility', 'middle volatility', 'high volatility'][at]!,
    includes: Uint8Array.from({ length: days }, (_, day) => (weekdays.includes(day % 7) ? 1 : 0)),
  }));
const slices = regimes(700);
/** Turns the candidate's forecasts about on the days of a slice. */
const wrongWithin = (evidence: GateEvidence, { includes }: Slice): GateEvidence => ({
  ...evidence,
  candidate: { ...evidence.candidate, probabilities: Array.from(evidence.candidate.probabilities, (probability, day) => (includes[day] === 1 ? 1 - probability : probability)) },
});
const profits = (days: number, mean: number, seed = 1): Float64Array => {
  const random = createRandom(seed);
  const noise = Float64Array.from({ length: days }, () => 0.01 * random.normal());
  const centre = noise.reduce((sum, value) => sum + value, 0) / days;
  return noise.map((value) => value - centre + mean);
};

describe('slices', () => {
  test('without a collapse let a good model through, and the worst is told', () => {
    const decision = decide({ ...skilled, slices });
    expect(decision.decision).toBe('promote');
    expect(check(decision, 'no slice collapses')).toMatchObject({ kind: 'hard', passed: true });
    expect(check(decision, 'no slice collapses')!.detail).toMatch(/^none of 3 slices collapses: at worst, on \d+ days of \w+ volatility the log-loss is 0\.\d{4} nats a day below/);
  });

  test('with a collapse keep a model out that is good on the whole', () => {
    const decision = decide({ ...wrongWithin(skilled, slices[2]!), slices });
    expect(decide(wrongWithin(skilled, slices[2]!)).decision).not.toBe('keep');
    expect(decision.decision).toBe('keep');
    expect(decision.reason).toMatch(/^Not promoted, and nothing is served: on 100 days of high volatility the log-loss is 0\.\d{4} nats a day above the base-rate forecast's \(lower bound 0\.\d{4}, margin 0\.0200\)\.$/);
    expect(decide({ ...wrongWithin(skilled, slices[2]!), slices, settings: { ...skilled.settings, sliceMargin: 0.5 } }).decision).not.toBe('keep');
  });

  test('are held against the model in production, too', () => {
    const other = simulateEvidence({ days: 700, seed: 1, spread: 0.25, skill: 0.25 });
    const champion = { ...other.candidate, trainedUntil: '2000-06-01' };
    const duller = { ...other, candidate: { ...other.candidate, probabilities: Array.from(champion.probabilities, (probability, day) => (day % 7 < 3 ? 0.54 : probability)) } };
    const decision = decide({ ...duller, champion, slices });
    expect(check(decision, 'no slice collapses')).toMatchObject({ passed: false });
    expect(check(decision, 'no slice collapses')!.detail).toContain("above the model in production's");
  });

  test('that are too small decide nothing', () => {
    const years = sliceByYear(skilled.dates);
    const tiny: Slice = { group: 'year', name: '1999', includes: Uint8Array.from({ length: 700 }, (_, day) => (day < 10 ? 1 : 0)) };
    expect(check(decide({ ...skilled, slices: [...years, tiny] }), 'no slice collapses')!.detail).toMatch(/; too small to judge: 1999$/);
    const decision = decide({ ...skilled, slices: [tiny] });
    expect(decision.decision).toBe('inconclusive');
    expect(decision.reason).toContain('none of 1 slices has the 60 days that are needed to judge it');
  });

  test('hardly ever condemn a model that is as good as the base rate everywhere', () => {
    let alarms = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const honest = simulateEvidence({ days: 400, seed, spread: 0.08, skill: 0.08 });
      const decision = decide({ ...honest, slices: regimes(400), settings: { resamples: 300, sliceMargin: 0 } });
      if (check(decision, 'no slice collapses')!.passed === false) alarms++;
    }
    expectSize(alarms, 40, 0.05, 'atMost');
  });
});

describe('trials', () => {
  const strategy = (mean: number, triedModels = 1, earlierJudgements = 0): GateEvidence => ({
    ...skilled,
    trials: { triedModels, earlierJudgements, dailyProfits: profits(700, mean) },
  });

  test('are recorded, with the deflated score', () => {
    const { trials, checks } = decide(strategy(0.001, 40, 2));
    expect(trials).toMatchObject({ triedModels: 40, earlierJudgements: 2, promotionLevel: 0.05 / 3 });
    expect(trials!.deflatedSharpe!.ratio).toBeGreaterThan(0.05);
    // The best of 40 over 700 days: 2.19 / √700 a day.
    expect(trials!.deflatedSharpe!.benchmark).toBeCloseTo(2.19 / Math.sqrt(700), 3);
    expect(checks.at(-1)!.detail).toMatch(/^40 models tried and 2 earlier judgements on these days: the best of so many without skill would show a Sharpe ratio of 1\.\d\d a year by luck/);
    expect(() => canonicalJson(decide(strategy(0.001, 40)))).not.toThrow();
  });

  test('deflate: what one try shows, forty do not', () => {
    const name = 'Sharpe ratio better than luck after all tries';
    expect(check(decide(strategy(0.0009, 1)), name)!.passed).toBe(true);
    expect(check(decide(strategy(0.0009, 40)), name)!.passed).toBe('unknown');
    expect(decide(strategy(0.0009, 40)).decision).toBe('promote');
    expect(decide(strategy(0.0009, 1)).reason).toContain('Sharpe ratio better than luck after all tries: ');
  });

  test('without a strategy, or with one that never trades, deflate nothing', () => {
    for (const trials of [{ triedModels: 3, earlierJudgements: 0 }, { triedModels: 3, earlierJudgements: 0, dailyProfits: new Float64Array(700) }]) {
      const decision = decide({ ...skilled, trials });
      expect(decision.trials!.deflatedSharpe).toBeNull();
      expect(decision.checks.at(-1)).toMatchObject({ passed: 'unknown', detail: '3 models tried and 0 earlier judgements on these days; no score to deflate' });
    }
  });

  test('change nothing when these days were never judged before', () => {
    const { trials: _, checks, ...rest } = decide({ ...skilled, trials: { triedModels: 5, earlierJudgements: 0 } });
    const { checks: without, ...other } = decide(skilled);
    expect(checks.slice(0, -1)).toEqual(without);
    expect(rest).toEqual(other);
  });

  test('make a promotion harder with every earlier judgement, and a refusal no easier to escape', () => {
    const order = ['promote', 'inconclusive', 'keep'];
    for (let seed = 1; seed <= 12; seed++) {
      const evidence = simulateEvidence({ days: 400, seed, spread: 0.06, skill: 0.03 });
      const ranks = [0, 3].map((earlierJudgements) =>
        order.indexOf(decide({ ...evidence, trials: { triedModels: 1, earlierJudgements }, settings: { resamples: 1_600 } }).decision));
      expect(ranks, `seed ${seed}`).toEqual([...ranks].sort());
    }
    const narrow = simulateEvidence({ days: 400, seed: 7, spread: 0.06, skill: 0.05 });
    expect(decide({ ...narrow, trials: { triedModels: 1, earlierJudgements: 4 } }).reason).toMatch(/these days having been judged before, -?0\.\d{4} at 99 %/);
  });

  test('divide the level: a model at the edge of the margin passes a fifth judgement about five times less often', () => {
    let [first, fifth] = [0, 0];
    for (let seed = 1; seed <= 100; seed++) {
      // Noise that costs 2 · 0.072² nats a day, just above the margin.
      const edge = simulateEvidence({ days: 250, seed, spread: 0.072 });
      const passes = (earlierJudgements: number): boolean =>
        decide({ ...edge, settings: { resamples: 500, firstModel: 'non-inferior' }, trials: { triedModels: 1, earlierJudgements } }).decision === 'promote';
      if (passes(0)) first++;
      if (passes(4)) fifth++;
    }
    expectSize(first, 100, 0.06);
    expectSize(fifth, 100, 0.015, 'atMost');
    expect(fifth).toBeLessThan(first);
  });
});

describe('the seven questions', () => {
  const answers = (evidence: GateEvidence): Record<string, string> =>
    Object.fromEntries(reviewOf(decide(evidence)).map(({ question, answer }) => [question, answer]));
  const complete: GateEvidence = { ...skilled, outsideChecks, slices, trials: { triedModels: 5, earlierJudgements: 0, dailyProfits: profits(700, 0.001) } };

  test('are all answered when all is given', () => {
    expect(answers(complete)).toEqual({ data: 'yes', artefact: 'yes', comparison: 'yes', slices: 'yes', limits: 'yes', output: 'yes', trials: 'yes' });
    expect(Object.keys(GATE_QUESTIONS)).toHaveLength(7);
  });

  test('say which of them nobody asked', () => {
    expect(answers(skilled)).toEqual({ data: 'not asked', artefact: 'not asked', comparison: 'yes', slices: 'not asked', limits: 'not asked', output: 'yes', trials: 'not asked' });
  });

  test.each<[string, Partial<GateEvidence>, Record<string, string>]>([
    ['data that failed', { outsideChecks: [{ ...passing('data'), passed: false }] }, { data: 'no' }],
    ['a limit that nobody could measure', { outsideChecks: [{ ...passing('limits'), passed: 'unknown' }] }, { limits: 'open' }],
    ['a constant output', { candidate: { ...skilled.candidate, probabilities: new Float64Array(700).fill(0.54) } }, { output: 'no' }],
    ['a broken output', { candidate: { ...skilled.candidate, probabilities: new Float64Array(700).fill(NaN) } }, { output: 'no', comparison: 'open', slices: 'not asked' }],
    ['days that were seen', { candidate: { ...skilled.candidate, trainedUntil: '2001-06-01' } }, { comparison: 'no' }],
    ['a collapsed slice', { ...wrongWithin(skilled, slices[2]!) }, { slices: 'no' }],
  ])('with %s', (_, broken, expected) => {
    expect(answers({ ...complete, ...broken })).toMatchObject(expected);
  });

  test('with too few days are not answered by what little was looked at', () => {
    expect(answers(simulateEvidence({ days: 100, seed: 1, spread: 0.1 }))).toMatchObject({ comparison: 'open', output: 'open' });
  });

  test('can be demanded: then silence is no consent', () => {
    const settings = { ...skilled.settings, demandEveryAnswer: true };
    const decision = decide({ ...skilled, settings });
    expect(decision.decision).toBe('inconclusive');
    expect(decision.reason).toContain('nobody has shown that the data passed validation');
    expect(decision.reason).toContain('nobody has shown that the tries are counted');
    expect(decide({ ...complete, settings }).decision).toBe('promote');
    for (const missing of ['data', 'artefact', 'limits']) {
      const fewer = { ...complete, outsideChecks: outsideChecks.filter((own) => own.answers !== missing) };
      expect(decide({ ...fewer, settings }).decision).toBe('inconclusive');
      expect(decide(fewer).decision).toBe('promote');
    }
  });
});

test.each<[Partial<GateEvidence>, string]>([
  [{ slices: [{ ...slices[0]!, includes: new Uint8Array(3) }] }, 'The gate needs one entry per judged day: 700 labels, but 3 entries of the slice "low volatility".'],
  [{ trials: { triedModels: 1, earlierJudgements: 0, dailyProfits: [1] } }, 'The gate needs one entry per judged day: 700 labels, but 1 daily profits.'],
  [{ trials: { triedModels: 0, earlierJudgements: 0 } }, 'The number of tried models is 0; it must be a whole number of 1 or more.'],
  [{ trials: { triedModels: 1, earlierJudgements: -1 } }, 'The number of earlier judgements is -1; it must be a whole number of 0 or more.'],
  [{ settings: { sliceMargin: -1 } }, "The gate's setting sliceMargin is -1, which is out of range."],
])('evidence %# that does not fit together is refused', (broken, message) => {
  expect(() => decide({ ...skilled, ...broken })).toThrow(new RangeError(message));
});
