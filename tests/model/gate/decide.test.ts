import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../dsl/util/index.ts';
import { decide, defaultGateSettings, reviewOf, type GateDecision, type GateEvidence } from '../../../model/gate/index.ts';
import { logLoss } from '../../../model/metrics/index.ts';
import { binomialUpperTail } from '../../../model/statistics/index.ts';
import { simulateEvidence } from './evidence.ts';

const skilled = simulateEvidence({ days: 700, seed: 1, spread: 0.15, skill: 0.15 });
const modest = simulateEvidence({ days: 700, seed: 2, spread: 0.05, skill: 0.05 });
/** By the policy for those who need something to serve. */
const leniently = (evidence: GateEvidence): GateDecision => decide({ ...evidence, settings: { ...evidence.settings, firstModel: 'non-inferior' } });
const check = (decision: GateDecision, name: string): GateDecision['checks'][number] | undefined =>
  decision.checks.find((candidate) => candidate.name === name);
const withOutputs = (evidence: GateEvidence, probabilities: ArrayLike<number>): GateEvidence => ({
  ...evidence,
  candidate: { ...evidence.candidate, probabilities },
});
const constant = (evidence: GateEvidence, value: number): number[] => evidence.dates.map(() => value);

describe('the first model', () => {
  test('is promoted when it is measurably better than the baselines, and the reason says so', () => {
    const { decision, reason, checks } = decide(skilled);
    expect(decision).toBe('promote');
    expect(checks.every(({ passed }) => passed === true)).toBe(true);
    expect(reason).toMatch(/^Promoted as the first model on 700 unseen days: the log-loss is measurably better, 0\.\d{4} nats a day below the base-rate forecast's \(one-sided 95 % bounds/);
    expect(reason).toContain("it shows log-loss better than the base-rate forecast's and accuracy better than the majority forecast's");
  });

  test('is undecided when it is not worse but not shown to be better, and the reason says what is missing and for how long', () => {
    const { decision, reason, power, checks } = decide(modest);
    expect(decision).toBe('inconclusive');
    expect(reason).toMatch(/^Undecided after 700 judged days, and nothing is served: the log-loss is not worse by more than the margin, .*, and a first model must be shown to be better; about \d+ more days would decide/);
    expect(power.daysToDecide).toBe(power.daysToShowBetterLogLoss);
    expect(power.moreDays).toBe(power.daysToDecide! - 700);
    expect(checks.filter(({ demanded }) => demanded).map(({ name }) => name)).toEqual(["log-loss better than the base-rate forecast's"]);
    expect(reviewOf({ checks }).find(({ question }) => question === 'comparison')!.answer).toBe('open');
    expect(reviewOf(leniently(modest)).find(({ question }) => question === 'comparison')!.answer).toBe('yes');
  });

  test('must beat the baselines only while nothing is in production', () => {
    const retrained = simulateEvidence({ days: 700, seed: 2, spread: 0.05, skill: 0.05, championSpread: 0.05 });
    expect(decide(retrained).checks.some(({ demanded }) => demanded)).toBe(false);
    expect(decide(retrained)).toEqual(leniently(retrained));
  });

  test('is by the lenient policy promoted when it is not worse by more than the margin, and the reason says that it beats nothing', () => {
    const { decision, reason, checks, power } = leniently(modest);
    expect(decision).toBe('promote');
    expect(checks.filter(({ kind }) => kind === 'superior').map(({ passed }) => passed)).toEqual(['unknown', 'unknown']);
    expect(reason).toContain('it does not measurably beat the baselines, which the policy does not ask of a first model: ');
    expect(reason).toMatch(/of the directions are right against \d\d\.\d % for the majority forecast/);
    expect(power.moreDays).toBeNull();
  });

  test('is kept out when it is measurably worse than the base-rate forecast', () => {
    const noise = simulateEvidence({ days: 700, seed: 3, spread: 0.2 });
    const { decision, reason } = decide(noise);
    expect(decision).toBe('keep');
    expect(reason).toMatch(/^Not promoted, and nothing is served: the log-loss is measurably worse, 0\.\d{4} nats a day above the base-rate forecast's \(one-sided 95 % bounds/);
    expect(reason.match(/log-loss/g)).toHaveLength(1);
  });

  test('is kept out even within the margin when the days show that it is worse', () => {
    const { decision, reason } = decide(simulateEvidence({ days: 3_000, seed: 4, spread: 0.05 }));
    expect(decision).toBe('keep');
    const [, lower, upper] = /bounds (\S+) and (\S+), margin 0\.0100/.exec(reason)!.map(Number);
    expect(lower).toBeGreaterThan(0);
    expect(upper).toBeLessThan(0.01);
  });

  test('is undecided when the data cannot tell, with the days that would', () => {
    const unclear = simulateEvidence({ days: 300, seed: 5, spread: 0.09, skill: 0.045 });
    const { decision, reason, power } = decide(unclear);
    expect(decision).toBe('inconclusive');
    expect(power.moreDays).toBeGreaterThan(0);
    expect(power.daysToDecide).toBe(power.days + power.moreDays!);
    expect(reason).toMatch(/^Undecided after 300 judged days, and nothing is served: the log-loss may or may not be worse by more than the margin, /);
    expect(reason).toContain(`; about ${power.moreDays} more days would decide with 80 % power, if what was seen is the truth.`);
  });
});

describe('with a model in production', () => {
  test('a model as good is promoted: not worse by more than the margin', () => {
    const { decision, reason, checks } = decide(simulateEvidence({ days: 1_500, seed: 4, spread: 0.02, skill: 0.02, championSpread: 0.02 }));
    expect(decision).toBe('promote');
    expect(reason).toMatch(/^Promoted on 1500 unseen days: .* the base-rate forecast's .* and the log-loss is not worse by more than the margin, .* the model in production's/);
    expect(checks.map(({ name }) => name)).toContain("log-loss not worse than the model in production's");
  });

  test('a measurably better one is promoted, and the reason says so', () => {
    const { decision, reason } = decide({ ...simulateEvidence({ days: 700, seed: 1, spread: 0.15, skill: 0.15, championSpread: 0.05 }) });
    expect(decision).toBe('promote');
    expect(reason).toContain('it measurably beats the model in production, and it shows');
  });

  test('a worse one leaves it in place, even if it is better than the baselines', () => {
    const champion = simulateEvidence({ days: 1_500, seed: 6, spread: 0.2, skill: 0.2 });
    const duller = Array.from(champion.candidate.probabilities, (probability) => 0.54 + (probability - 0.54) * 0.4);
    const { decision, reason, checks } = decide({ ...withOutputs(champion, duller), champion: champion.candidate });
    expect(decision).toBe('keep');
    expect(checks.find(({ name }) => name === "log-loss better than the base-rate forecast's")?.passed).toBe(true);
    expect(reason).toMatch(/^Not promoted, and the model in production stays: the log-loss is measurably worse, .* above the model in production's/);
  });

  test('one that cannot be told apart within the margin is undecided, and production stays', () => {
    const unclear = simulateEvidence({ days: 300, seed: 11, spread: 0.06, skill: 0.03, championSpread: 0.06 });
    const { decision, reason } = decide(unclear);
    expect(decide({ ...unclear, settings: { championMargin: 0.02 } }).decision).toBe('promote');
    expect(decision).toBe('inconclusive');
    expect(reason).toMatch(/and the model in production stays: the log-loss may or may not be worse .* the model in production's .*; about \d+ more days/);
  });
});

describe('hard checks', () => {
  test.each<[string, GateEvidence, GateDecision['decision'], string]>([
    [
      'days that the candidate has seen',
      { ...skilled, candidate: { ...skilled.candidate, trainedUntil: '2001-01-01' } },
      'keep',
      'the candidate has seen days up to 2001-01-01, and the judged days begin on 2001-01-01',
    ],
    [
      'days that the model in production has seen',
      { ...skilled, champion: { ...modest.candidate, trainedUntil: '2002-05-05' } },
      'keep',
      'the model in production has seen days up to 2002-05-05, and the judged days begin on 2001-01-01',
    ],
    [
      'an output of NaN',
      withOutputs(skilled, Array.from(skilled.candidate.probabilities, (probability, day) => (day === 3 ? NaN : probability))),
      'keep',
      '1 of 700 outputs are no probabilities, first NaN on 2001-01-04',
    ],
    ['an output above 1', withOutputs(skilled, constant(skilled, 1.2)), 'keep', '700 of 700 outputs are no probabilities, first 1.2 on 2001-01-01'],
    ['a constant output', withOutputs(skilled, constant(skilled, 0.54)), 'keep', 'the candidate answers 0.5400 whatever the day'],
    [
      'a one-class output',
      withOutputs(skilled, Array.from(skilled.candidate.probabilities, (probability) => 0.5 + probability / 10)),
      'keep',
      'the candidate predicts up on 100.0 % of the days; either direction needs 1 %',
    ],
    [
      'a failed check from outside',
      { ...skilled, outsideChecks: [{ name: 'latency', passed: false, detail: 'a prediction takes 140 ms and 100 are allowed' }] },
      'keep',
      'a prediction takes 140 ms and 100 are allowed',
    ],
    [
      'an open check from outside',
      { ...skilled, outsideChecks: [{ name: 'data', passed: 'unknown', detail: 'the data report is missing' }] },
      'inconclusive',
      'the data report is missing',
    ],
    [
      'too few days',
      simulateEvidence({ days: 249, seed: 1, spread: 0.2, skill: 0.2 }),
      'inconclusive',
      'Undecided after 249 judged days, and nothing is served: 249 days are judged and 250 are needed; days still to wait: 1.',
    ],
  ])('%s stop a promotion', (_, evidence, decision, told) => {
    const outcome = decide(evidence);
    expect(outcome.decision).toBe(decision);
    expect(outcome.reason).toContain(told);
    expect(decide(skilled).decision).toBe('promote');
  });

  test('one judged day is too few, not an error', () => {
    expect(decide(simulateEvidence({ days: 1, seed: 1, spread: 0.1 })).decision).toBe('inconclusive');
  });
});

describe('the answer', () => {
  test('is the same for the same seed and carries plain JSON', () => {
    for (const evidence of [skilled, modest, simulateEvidence({ days: 10, seed: 1, spread: 0.1 })]) {
      expect(decide(evidence)).toEqual(decide(evidence));
      expect(() => canonicalJson(decide(evidence))).not.toThrow();
    }
  });

  test('has the figures of the days: mean difference in log-loss and shares right', () => {
    const labels = skilled.labels;
    const difference = logLoss(labels, skilled.candidate.probabilities) - logLoss(labels, constant(skilled, 0.54));
    expect(check(decide(skilled), "log-loss better than the base-rate forecast's")?.detail).toContain(`${Math.abs(difference).toFixed(4)} nats a day below`);
    const right = Array.from(labels).filter((label, day) => label === (skilled.candidate.probabilities[day]! >= 0.5 ? 1 : 0)).length;
    expect(check(decide(skilled), "accuracy better than the majority forecast's")?.detail).toContain(`${(right / 7).toFixed(1)} % of the directions`);
  });

  test('takes only one day in five for the exact test of five-day labels', () => {
    const thinned = decide({ ...skilled, horizonDays: 5 });
    const fifths = Array.from(skilled.labels).flatMap((label, day) => (day % 5 === 0 ? [{ label, up: skilled.candidate.probabilities[day]! >= 0.5 ? 1 : 0 }] : []));
    const alone = fifths.filter(({ label, up }) => label === up && label === 0).length;
    const majorityAlone = fifths.filter(({ label, up }) => label !== up && label === 1).length;
    expect(check(thinned, "accuracy better than the majority forecast's")?.detail).toContain(`alone right: ${alone} against ${majorityAlone} days on one day in 5`);
  });

  test('states its power: more days detect smaller differences, as 1 / √days', () => {
    const power = (days: number): number => decide(simulateEvidence({ days, seed: 9, spread: 0.1, skill: 0.1 })).power.detectableDifference!;
    expect(power(400) / power(1_600)).toBeGreaterThan(1.6);
    expect(power(400) / power(1_600)).toBeLessThan(2.4);
    expect(decide(skilled).power).toMatchObject({ days: 700, level: 0.05, power: 0.8, daysToDecide: null, moreDays: null });
    expect(decide(skilled).power.daysToShowBetterLogLoss).toBeLessThan(700);
  });
});

describe('over many trials', () => {
  const shares = (trials: number, evidenceOf: (seed: number) => GateEvidence, by = decide): Record<GateDecision['decision'], number> => {
    const counts = { promote: 0, keep: 0, inconclusive: 0 };
    for (let seed = 1; seed <= trials; seed++) counts[by(evidenceOf(seed)).decision] += 1 / trials;
    return counts;
  };

  test('a model at the edge of the margin is hardly ever promoted', () => {
    // Noise of 7 percentage points costs 2 · 0.07² = 0.0098 nats a day, that is the margin.
    const { promote } = shares(150, (seed) => simulateEvidence({ days: 500, seed, spread: 0.07 }), leniently);
    expect(promote).toBeLessThan(0.1);
  });

  test('what knows nothing is by the strict policy promoted at most at the stated rate, by the lenient one nearly always', () => {
    // Two percentage points about the base rate, at random: nearly as good as the base rate itself.
    const nearly = (seed: number): GateEvidence => simulateEvidence({ days: 300, seed, spread: 0.02 });
    const promoted = Math.round(120 * shares(120, nearly).promote);
    expect(binomialUpperTail(promoted, 120, 0.05)).toBeGreaterThan(0.001);
    expect(shares(20, nearly, leniently).promote).toBeGreaterThan(0.6);
  });

  test('a model that is as good as it says is hardly ever kept out, and with skill nearly always promoted', () => {
    const { promote, keep } = shares(100, (seed) => simulateEvidence({ days: 700, seed, spread: 0.05, skill: 0.05 }), leniently);
    expect(keep).toBeLessThan(0.03);
    expect(promote).toBeGreaterThan(0.9);
  });

  test('an overconfident model without skill is hardly ever let through', () => {
    const { promote, keep } = shares(60, (seed) => simulateEvidence({ days: 700, seed, spread: 0.15 }));
    expect(promote).toBe(0);
    expect(keep).toBeGreaterThan(0.9);
  });
});

describe('evidence that does not fit together is refused', () => {
  test.each<[Partial<GateEvidence>, string]>([
    [{ labels: [] }, 'A score needs at least one day; got none.'],
    [{ labels: [...Array.from(skilled.labels).slice(1), NaN] }, 'The label of day 699 is NaN; it must be 0 or 1.'],
    [{ dates: skilled.dates.slice(1) }, 'The gate needs one entry per judged day: 700 labels, but 699 dates.'],
    [{ candidate: { probabilities: [0.5], trainedUntil: '2000-01-03' } }, "The gate needs one entry per judged day: 700 labels, but 1 candidate's probabilities."],
    [{ dates: [...skilled.dates.slice(1), '2001-01-01'] }, 'Judged days must rise: 2001-01-01 comes after'],
    [{ dates: ['yesterday', ...skilled.dates.slice(1)] }, 'The judged day 0 is "yesterday", which is not a day written as YYYY-MM-DD.'],
    [{ candidate: { ...skilled.candidate, trainedUntil: '' } }, `A model's last seen day is "", which is not a day written as YYYY-MM-DD.`],
    [{ champion: { probabilities: constant(skilled, NaN), trainedUntil: '2000-01-03' } }, 'The model in production gives NaN for 2001-01-01, which is no probability.'],
    [{ baselines: { ...skilled.baselines, baseRate: [...constant(skilled, 0.54).slice(1), NaN] } }, 'The base rate is NaN on 2003-09-05; it must lie between 0 and 1.'],
    [{ baselines: { ...skilled.baselines, baseRate: [0.54] } }, 'The gate needs one entry per judged day: 700 labels, but 1 base rates.'],
    [{ baselines: { ...skilled.baselines, majority: [1] } }, "The gate needs one entry per judged day: 700 labels, but 1 majority forecast's classes."],
    [{ horizonDays: 0 }, 'The label horizon is 0 days; it must be a whole number of 1 or more.'],
    [{ settings: { level: 0.7 } }, "The gate's setting level is 0.7, which is out of range."],
    [{ settings: { minimumDays: 1 } }, "The gate's setting minimumDays is 1, which is out of range."],
  ])('case %#', (broken, message) => {
    expect(() => decide({ ...skilled, ...broken })).toThrow(RangeError);
    expect(() => decide({ ...skilled, ...broken })).toThrow(message);
  });

  test('the default settings are in range', () => {
    expect(() => decide({ ...skilled, settings: defaultGateSettings })).not.toThrow();
  });
});
