import { expect } from 'vitest';
import { binomialUpperTail } from '../../../model/statistics/index.ts';

/**
 * Expects that a test which alarms in `alarms` of `trials` simulations without any effect keeps its `level`: neither tail
 * of the exact binomial distribution is rarer than one in a thousand. `atMost` leaves out the lower side, for tests that
 * are careful on purpose.
 */
export function expectSize(alarms: number, trials: number, level: number, side: 'both' | 'atMost' = 'both'): void {
  expect(binomialUpperTail(alarms, trials, level), `${alarms} alarms in ${trials} are too many for ${level}`).toBeGreaterThan(0.001);
  if (side === 'atMost') return;
  expect(binomialUpperTail(trials - alarms, trials, 1 - level), `${alarms} alarms in ${trials} are too few for ${level}`).toBeGreaterThan(0.001);
}
