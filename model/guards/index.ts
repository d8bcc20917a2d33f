/** Guards: what must never be true of features and splits, whatever the figures say. */
export { findLookAhead, LOOK_AHEAD_GUARD, type DecidedRows, type DecisionFunction, type KnownBars, type LookAhead } from './look-ahead.ts';
export { findSplitLeak, SPLIT_GUARD } from './split.ts';
