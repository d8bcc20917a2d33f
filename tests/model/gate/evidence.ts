import { majority } from '../../../model/baselines.ts';
import type { GateEvidence } from '../../../model/gate/index.ts';
import { createRandom } from '../../../model/random.ts';
import { weekdays } from '../sample-bars.ts';

export interface Scenario {
  readonly days: number;
  readonly seed: number;
  /** How far the candidate's probabilities spread about the base rate. */
  readonly spread: number;
  /** How much of that spread is true: with skill = spread the candidate knows the true probabilities. */
  readonly skill?: number;
  /** Spread of a model in production that knows nothing. Absent: no model in production. */
  readonly championSpread?: number;
}

const BASE_RATE = 0.54;

/** Simulated evidence: on every day a signal moves the true probability by `skill` and the candidate's by `spread`. */
export function simulateEvidence({ days, seed, spread, skill = 0, championSpread }: Scenario): GateEvidence {
  const random = createRandom(seed);
  const around = (deviation: number): number => Math.min(0.97, Math.max(0.03, BASE_RATE + deviation));
  const labels: number[] = [];
  const candidate: number[] = [];
  const champion: number[] = [];
  for (let day = 0; day < days; day++) {
    const signal = random.normal();
    labels.push(random.uniform() < around(skill * signal) ? 1 : 0);
    candidate.push(around(spread * signal));
    champion.push(around((championSpread ?? 0) * random.normal()));
  }
  return {
    dates: weekdays(days),
    labels,
    horizonDays: 1,
    candidate: { probabilities: candidate, trainedUntil: '2000-12-29' },
    ...(championSpread === undefined ? {} : { champion: { probabilities: champion, trainedUntil: '1999-12-31' } }),
    baselines: { baseRate: new Float64Array(days).fill(BASE_RATE), majority: majority(BASE_RATE, days).predicted },
    settings: { resamples: 500 },
  };
}
