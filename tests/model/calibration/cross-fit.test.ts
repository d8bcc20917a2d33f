import { describe, expect, test } from 'vitest';
import { compileCalibration, crossFit, fitProbability, type CalibrationMethod } from '../../../model/calibration/index.ts';
import { logLoss } from '../../../model/metrics/index.ts';
import { createRandom } from '../../../model/random.ts';
import { sigmoid } from '../../../model/sigmoid.ts';
import { wilsonInterval } from '../../../model/statistics/index.ts';

const METHODS = ['none', 'platt', 'isotonic'] as const;
const PARTS = 60;
const DAYS = 380;

interface Days {
  readonly answers: Float64Array;
  readonly labels: Float64Array;
}

/** Log-odds as a model says them, and days whose log-odds are `slope` times as large: with 0 they are a coin's. */
function drawDays(seed: number, slope: number, days = DAYS): Days {
  const random = createRandom(seed);
  const answers = Float64Array.from({ length: days }, () => random.normal() / 10);
  return { answers, labels: answers.map((answer) => Number(random.uniform() < sigmoid(slope * answer))) };
}

const ofItself = ({ answers, labels }: Days, method: CalibrationMethod): Float64Array => {
  const { calibration, score } = fitProbability(answers, labels, { kind: 'log-odds', method });
  return answers.map(compileCalibration(calibration, score));
};
const ofOthers = ({ answers, labels }: Days, method: CalibrationMethod): Float64Array => crossFit(answers, labels, { kind: 'log-odds', method, horizonDays: 1 });

/** How often isotonic regression has the lowest log-loss of the three, with its interval. */
function rateOfIsotonic(slope: number, predict: typeof ofItself): { readonly lower: number; readonly upper: number } {
  const chosen = Array.from({ length: PARTS }, (_, seed) => drawDays(seed, slope)).filter((days) => {
    const [none, platt, isotonic] = METHODS.map((method) => logLoss(days.labels, predict(days, method))) as [number, number, number];
    return isotonic < Math.min(none, platt);
  });
  return wilsonInterval(chosen.length, PARTS, 0.999);
}

describe('the choice among calibrations of a coin\'s days', () => {
  test('falls on isotonic regression where it is judged by the days that taught it', () => {
    expect(rateOfIsotonic(0, ofItself).lower).toBeGreaterThan(1 / 2);
  });

  test('and hardly ever where other days taught it', () => {
    expect(rateOfIsotonic(0, ofOthers).upper).toBeLessThan(1 / 4);
  });
});

test('a calibration that is needed is still preferred', () => {
  const days = drawDays(1, 30, 1_000);
  const [none, platt, isotonic] = METHODS.map((method) => logLoss(days.labels, ofOthers(days, method))) as [number, number, number];
  expect(platt).toBeLessThan(none - 0.1);
  expect(isotonic).toBeLessThan(none - 0.1);
});

test('no day says anything about itself, nor about days whose labels share closes with its own', () => {
  const { answers, labels } = drawDays(5, 3, 100);
  const horizonDays = 7;
  const said = crossFit(answers, labels, { kind: 'log-odds', method: 'platt', horizonDays });
  for (const changed of [0, 19, 20, 47, 63, 99]) {
    const other = crossFit(answers, labels.map((label, row) => (row === changed ? 1 - label : label)), { kind: 'log-odds', method: 'platt', horizonDays });
    const taught = Array.from(said.keys()).filter((row) => said[row] !== other[row]);
    // Blocks of twenty; a block learns from all days but its own and seven on either side.
    const blocks = [0, 1, 2, 3, 4].filter((block) => changed < 20 * block - horizonDays || changed >= 20 * block + 20 + horizonDays);
    expect(taught, `day ${changed}`).toEqual(blocks.flatMap((block) => Array.from({ length: 20 }, (_, at) => 20 * block + at)));
  }
});

test('of forecast returns the deviation of errors is of other days, too', () => {
  const random = createRandom(2);
  const forecasts = Float64Array.from({ length: 50 }, () => random.normal() / 1000);
  // One block is wild; its own probabilities do not know it.
  const returns = forecasts.map((_, row) => random.normal() * (row < 10 ? 1 : 0.01));
  const said = crossFit(forecasts, returns, { kind: 'return', method: 'none', horizonDays: 1 });
  const { score } = fitProbability(forecasts.slice(11), returns.slice(11), { kind: 'return', method: 'none' });
  expect(Array.from(said.slice(0, 10))).toEqual(Array.from(forecasts.slice(0, 10), compileCalibration({ method: 'none' }, score)));
});

test('log-odds without calibration stay what they are, and a horizon that leaves no other day leaves no opinion', () => {
  const { answers, labels } = drawDays(3, 1, 40);
  expect(crossFit(answers, labels, { kind: 'log-odds', method: 'none', horizonDays: 3 })).toEqual(answers.map(sigmoid));
  expect(crossFit(answers, labels, { kind: 'log-odds', method: 'isotonic', horizonDays: 40 })).toEqual(new Float64Array(40).fill(0.5));
});
