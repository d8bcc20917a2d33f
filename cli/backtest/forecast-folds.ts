import { setImmediate } from 'node:timers/promises';
import { baseRate, majority } from '../../model/baselines.ts';
import { createRandom } from '../../model/random.ts';
import { countRows } from '../../model/splits/index.ts';
import { BACKENDS, loadBackend, type Backend } from '../../model/training/index.ts';
import { refuseRangeErrors } from '../../steps/runtime/refuse.ts';
import { settingsOf, type Candidate } from '../../steps/train/candidate.ts';
import type { Division } from './divide.ts';
import { fitFold, forecastLagged, laggedReturns, takeKnownRows } from './fit-fold.ts';
import { takeRows, takeValues, type BacktestTable } from './table.ts';

/** What is said of the test rows of one fold, one entry per row: probabilities of up, of the majority 0 or 1. */
export interface FoldForecasts {
  readonly labels: Float64Array;
  readonly baseRate: Float64Array;
  readonly majority: Float64Array;
  readonly laggedLogistic: Float64Array;
  /** One per candidate. */
  readonly candidates: readonly Float64Array[];
}

export interface ForecastOptions {
  readonly candidates: readonly Candidate[];
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** Called before each fit; both count from 0. */
  readonly onFit?: (fold: number, candidate: number) => void;
}

/**
 * Refits every candidate and baseline on the training rows of every fold, and lets it forecast the test rows. Every fold
 * has a seed of its own, drawn from the one seed; the candidates of a fold share it. PW505 for settings that are not valid,
 * and rows from which nothing can be learned.
 */
export async function forecastFolds(table: BacktestTable, { folds }: Division, { candidates, seed, signal, onFit }: ForecastOptions): Promise<readonly FoldForecasts[]> {
  const random = createRandom(seed);
  const lagged = laggedReturns(table.close);
  let started: Promise<Backend> | undefined;
  const backend = (): Promise<Backend> => (started ??= loadBackend(BACKENDS));
  const forecasts: FoldForecasts[] = [];
  for (const [at, fold] of folds.entries()) {
    const foldSeed = random.bits();
    const days = countRows(fold.test);
    // A model knows its validation rows too, so its baselines do.
    const known = [...fold.train, ...fold.validation];
    const rate = baseRate(takeValues(table.labels, known));
    const judged = takeRows(table.features, fold.test);
    const said: Float64Array[] = [];
    for (const [which, candidate] of candidates.entries()) {
      // Training hardly ever waits, and a Ctrl-C is only heard by those who do.
      await setImmediate();
      signal?.throwIfAborted();
      onFit?.(at, which);
      const settings = settingsOf(candidate, foldSeed);
      const predictor = await refuseRangeErrors('PW505', 'Correct the candidate, or give fewer --folds.', () => fitFold(takeKnownRows(table, fold, settings.target), { settings, backend, signal }));
      said.push(predictor.predictRows(judged.values, days));
    }
    forecasts.push({
      labels: takeValues(table.labels, fold.test),
      baseRate: new Float64Array(days).fill(rate),
      majority: Float64Array.from(majority(rate, days).predicted),
      laggedLogistic: forecastLagged(lagged, table.labels, known, fold.test),
      candidates: said,
    });
  }
  return forecasts;
}
