/** Guards: what must never be true of features and splits, whatever the figures say. */
export { findLookAhead, LOOK_AHEAD_GUARD, type FeatureFunction, type LookAhead } from './look-ahead.ts';
export { findSplitLeak, SPLIT_GUARD } from './split.ts';
