/** Splits: which rows a model learns from, is tuned on and is judged on. */
export { combinatorialPurged, reconstructPaths, type CombinatorialFold, type CombinatorialSplit } from './combinatorial.ts';
export type { Fold } from './fold.ts';
export { deriveGuards, type FoldOptions, type Guards } from './guards.ts';
export { pictureOfFolds, pictureOfTimeSplit, type RoleSegment, type RowRole, type SplitPicture } from './picture.ts';
export { purgedKFold } from './purged-k-fold.ts';
export { countRows, type RowRange } from './ranges.ts';
export { splitByTime, type TimeSplit, type TimeSplitOptions } from './split-by-time.ts';
export { walkForward, type WalkForwardOptions } from './walk-forward.ts';
