import type { Availability, Memory } from './definition.ts';
import { resolveFeatures, type FeatureSet } from './feature-set.ts';

/** What people want to know of a feature. */
export interface FeatureDescription {
  readonly kind: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly columns: readonly string[];
  readonly inputs: readonly string[];
  /** Bars that a row needs, its own included. */
  readonly bars: number;
  readonly memory: Memory;
  readonly availability: Availability;
  readonly summary: string;
}

/** The features of a set as they are declared, in order. Throws as `resolveFeatures`. */
export function describeFeatures(set: FeatureSet): readonly FeatureDescription[] {
  return resolveFeatures(set).map(({ definition, parameters, columns, warmUp }) => {
    const { kind, inputs, memory, availability, summary } = definition;
    return { kind, parameters, columns, inputs, bars: warmUp, memory, availability, summary };
  });
}
