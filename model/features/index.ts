/** Features: from bars to the table a model learns from, with the same function for training and serving. */
export { FEATURES } from './catalogue.ts';
export { computeFeatures, latestFeatureRow, type FeatureTable } from './compute-features.ts';
export type { FeatureDefinition } from './definition.ts';
export {
  defaultFeatureSet,
  FEATURE_CODE_VERSION,
  featureColumns,
  featureSetHash,
  requiredBars,
  type FeatureSet,
  type FeatureSpec,
} from './feature-set.ts';
