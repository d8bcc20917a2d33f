import type { Bars } from '../../model/bars.ts';
import { makeMarket } from '../../steps/ingest/synthetic/market.ts';
import { parseMarket } from '../../steps/ingest/synthetic/settings.ts';
import type { Candidate } from '../../steps/train/candidate.ts';

/** As long as needed for the 250 judged days that the gate asks for, and no longer: there are many of them. */
const WALK_DAYS = 1_900;
const PLANTED_DAYS = 3_000;
/** Chance that a day goes where the day before it went. */
const STRENGTH = 0.65;

/** Nothing about it can be forecast. */
export function randomWalk(seed: number): Bars {
  return makeMarket(parseMarket(`random-walk?days=${WALK_DAYS}&seed=${seed}`));
}

/** Its next direction can be forecast from the last one. */
export function plantedSignal(seed: number): Bars {
  return makeMarket(parseMarket(`signal?days=${PLANTED_DAYS}&strength=${STRENGTH}&seed=${seed}`));
}

/** One of each family that the shipped pipeline trains, small: on a random walk more epochs learn only more noise. */
export const CANDIDATES: readonly Candidate[] = [
  { architecture: 'logistic', learningRate: 0.01, l2: 0.003, batchSize: 128, maxEpochs: 8, patience: 3 },
  { architecture: 'gradient-boosted-trees', learningRate: 0.05, maxTrees: 40, maxDepth: 2, patience: 8 },
];
