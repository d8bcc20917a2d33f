import { describe, expect, test } from 'vitest';
import { decide, defaultGateSettings, neededDays, reviewOf, type GateEvidence } from '../../../model/gate/index.ts';
import { direction } from '../../../model/labels/index.ts';
import { createRandom } from '../../../model/random.ts';
import { binomialUpperTail } from '../../../model/statistics/index.ts';
import { weekdays } from '../sample-bars.ts';
import { simulateEvidence } from './evidence.ts';

/** A slow forecast that knows nothing of a random walk, whose labels look far ahead. */
function slowNoise(days: number, horizonDays: number, seed: number): GateEvidence {
  const random = createRandom(seed);
  let [price, signal] = [1_000, random.normal()];
  const close = Float64Array.from({ length: days + horizonDays }, () => (price *= Math.exp(0.01 * random.normal())));
  const probabilities = Float64Array.from({ length: days }, () => {
    signal = 0.97 * signal + 0.243 * random.normal();
    return 1 / (1 + Math.exp(-0.2 * signal));
  });
  return {
    dates: weekdays(days),
    labels: direction(close, horizonDays).subarray(0, days),
    horizonDays,
    candidate: { probabilities, trainedUntil: '2000-12-29' },
    baselines: { baseRate: new Float64Array(days).fill(0.5), majority: new Uint8Array(days).fill(1) },
    settings: { seed, resamples: 300 },
  };
}

const claimsBetter = (evidence: GateEvidence): boolean => decide(evidence).checks.some(({ demanded, passed }) => demanded === true && passed === true);

describe('labels that look far ahead', () => {
  test('need 40 horizons side by side, however many days there are', () => {
    const { decision, reason, power, checks } = decide(slowNoise(961, 900, 1));
    expect(decision).toBe('inconclusive');
    expect(reason).toBe('Undecided after 961 judged days, and nothing is served: 961 days are judged and 36000 are needed, 40 times the 900 days that a label looks ahead; days still to wait: 35039.');
    expect(power).toMatchObject({ days: 961, daysToDecide: 36_000, moreDays: 35_039 });
    expect(checks.some(({ kind }) => kind === 'superior')).toBe(false);
    expect([1, 5, 6, 7, 20].map((horizonDays) => neededDays(horizonDays, defaultGateSettings))).toEqual([250, 250, 250, 280, 800]);
    expect(decide(slowNoise(279, 7, 1)).checks.find(({ name }) => name === 'enough days')!.passed).toBe('unknown');
    expect(decide(slowNoise(280, 7, 1)).checks.find(({ name }) => name === 'enough days')!.passed).toBe(true);
  });

  test('are claimed to be forecast better at most at the stated rate where nothing can be', () => {
    const [horizonDays, trials] = [12, 150];
    let claims = 0;
    for (let seed = 1; seed <= trials; seed++) {
      if (claimsBetter(slowNoise(neededDays(horizonDays, defaultGateSettings), horizonDays, seed))) claims++;
    }
    expect(binomialUpperTail(claims, trials, defaultGateSettings.level)).toBeGreaterThan(0.001);
  });
});

test('days of one direction alone decide nothing, be the forecast ever so right', () => {
  const skilled = simulateEvidence({ days: 400, seed: 1, spread: 0.15, skill: 0.15 });
  for (const [label, told] of [[1, 'every'], [0, 'no']] as const) {
    const { decision, reason, checks } = decide({ ...skilled, labels: new Float64Array(400).fill(label) });
    expect(decision).toBe('inconclusive');
    expect(reason).toContain(`${told} label of the 400 judged days is up, which can tell no forecast from a lean`);
    expect(reviewOf({ checks }).find(({ question }) => question === 'comparison')!.answer).toBe('open');
  }
  expect(decide({ ...skilled, labels: [0, ...new Float64Array(399).fill(1)] }).checks.find(({ name }) => name === 'both directions happened')!.passed).toBe(true);
});
