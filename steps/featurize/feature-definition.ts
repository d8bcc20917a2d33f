import type { Digest } from '../../dsl/util/index.ts';
import { featureColumns, featureSetHash, type FeatureSet } from '../../model/features/index.ts';
import type { Guards } from '../../model/splits/index.ts';

/** What a feature table means; it travels with the table, and train writes it into the model. */
export interface FeatureDefinition {
  readonly format: 'pipewright/feature-definition/1';
  readonly definition: FeatureSet;
  /** Columns of the table that are features, in order. */
  readonly names: readonly string[];
  readonly hash: Digest;
  readonly horizonDays: number;
  /** Digest of the dataset of bars that the table was made of. */
  readonly prices: Digest;
  /** Rows to leave out around judged rows, for whoever splits the table further. */
  readonly guards: Guards;
}

export function defineTable(set: FeatureSet, { horizonDays, guards, prices }: Pick<FeatureDefinition, 'horizonDays' | 'guards' | 'prices'>): FeatureDefinition {
  return { format: 'pipewright/feature-definition/1', definition: set, names: featureColumns(set), hash: featureSetHash(set), horizonDays, prices, guards };
}
