/** Features: from bars to the table a model learns from, with the same function for training and serving. */
export { FEATURES } from './catalogue.ts';
export { computeFeatures, latestFeatureRow, type FeatureTable } from './compute-features.ts';
export type { Availability, FeatureDefinition, Memory } from './definition.ts';
export { describeFeatures, type FeatureDescription } from './describe-features.ts';
export {
  defaultFeatureSet,
  FEATURE_CODE_VERSION,
  featureColumns,
  featureSetHash,
  joinedFeatures,
  requiredBars,
  type FeatureSet,
  type FeatureSpec,
  type JoinedFeatures,
} from './feature-set.ts';
export { createFeatureStream, type FeatureStream, type FeatureStreamState } from './feature-stream.ts';
export { joinAsOf, type DatedRows, type Decisions } from './join-as-of.ts';
export { createOnlineFeatures, mergeOnlineFeatures, readOnlineFeatures, updateOnlineFeatures, type OnlineFeatures, type OnlineRow } from './online-features.ts';
export { createSkewCheck, digestOfBars, SKEW_TOLERANCE, type ServedRow, type SkewFinding } from './skew.ts';
