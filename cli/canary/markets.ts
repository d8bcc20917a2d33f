import { sliceBars, type Bars } from '../../model/bars.ts';
import { makeMarket } from '../../steps/ingest/synthetic/market.ts';
import { parseMarket } from '../../steps/ingest/synthetic/settings.ts';
import type { Candidate } from '../../steps/train/candidate.ts';

/** As long as needed for the 250 judged days that the gate asks for, and no longer: there are many of them. */
const WALK_DAYS = 1_900;
const LONGER_WALK_DAYS = 2_300;
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

/** A market in which nothing can be forecast that a base rate would not say. */
export interface Flock {
  /** As in a sentence. */
  readonly name: string;
  readonly horizonDays: number;
  readonly trainShare: number;
  readonly validationShare: number;
  readonly candidates: readonly Candidate[];
  readonly market: (seed: number) => Bars;
}

/** Row of a drifting market in which it turns: where its validation days begin, so that no training day tells of it. */
const TURN = 1_260;
/** Mean over standard deviation of the daily returns after it: 60 % of days go up. */
const DRIFT = 0.0025;

/** A random walk without a mean that becomes one with a mean. */
export function driftingMarket(seed: number): Bars {
  const before = sliceBars(randomWalk(seed), 0, TURN);
  // The first bar of the market that goes on stands for the last of the one before.
  const after = makeMarket(parseMarket(`random-walk?days=${WALK_DAYS - TURN + 1}&seed=${seed + 500_000}&drift=${DRIFT}&start=${before.date.at(-1)}`));
  const scale = before.close.at(-1)! / after.close[0]!;
  const join = (column: 'open' | 'high' | 'low' | 'close' | 'volume', factor: number): Float64Array => Float64Array.from([...before[column], ...after[column].slice(1).map((value) => value * factor)]);
  return {
    date: [...before.date, ...after.date.slice(1)],
    open: join('open', scale), high: join('high', scale), low: join('low', scale), close: join('close', scale), volume: join('volume', 1),
  };
}

/** As long as needed for 40 labels side by side that look 20 days ahead. */
function longerWalk(seed: number): Bars {
  return makeMarket(parseMarket(`random-walk?days=${LONGER_WALK_DAYS}&seed=${seed}`));
}

/** One of each family that the shipped pipeline trains, small: on a random walk more epochs learn only more noise. */
export const CANDIDATES: readonly Candidate[] = [
  { architecture: 'logistic', learningRate: 0.01, l2: 0.003, batchSize: 128, maxEpochs: 8, patience: 3 },
  { architecture: 'gradient-boosted-trees', learningRate: 0.05, maxTrees: 40, maxDepth: 2, patience: 8 },
];

/** The split of the shipped pipeline, nearly: enough days to judge. */
const SHARES = { trainShare: 0.6, validationShare: 0.2 } as const;

/** All that should look like noise. The first is the one that most is demanded of. */
export const FLOCKS: readonly Flock[] = [
  { name: 'random walks', horizonDays: 1, ...SHARES, candidates: CANDIDATES, market: randomWalk },
  { name: 'random walks, 5 days ahead,', horizonDays: 5, ...SHARES, candidates: CANDIDATES, market: randomWalk },
  { name: 'random walks, 20 days ahead,', horizonDays: 20, trainShare: 0.4, validationShare: 0.15, candidates: CANDIDATES, market: longerWalk },
  // What is calibrated on validation days learns there where the market has drifted to.
  { name: 'drifting markets', horizonDays: 1, ...SHARES, candidates: CANDIDATES.map((candidate) => ({ ...candidate, calibration: 'platt' })), market: driftingMarket },
];
