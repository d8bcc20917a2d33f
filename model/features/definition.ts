import type { BarColumn, Bars } from '../bars.ts';

/**
 * One feature function: what it reads, how many bars it needs, which columns it gives. Everything that the feature
 * table, the model server and the feature-set digest know about a feature is said here, once.
 */
export interface FeatureDefinition<Parameter extends string = string> {
  readonly kind: string;
  /** One sentence for people: the formula and its unit. */
  readonly summary: string;
  /** The bar columns it reads. */
  readonly inputs: readonly (BarColumn | 'date')[];
  /** Names of its parameters. All are whole numbers of rows. */
  readonly parameters: readonly Parameter[];
  /** Names of the columns it gives, in the order of `compute`. */
  columns(parameters: Readonly<Record<Parameter, number>>): readonly string[];
  /**
   * Bars that a row needs, its own included. Recursive features count the rows until their seed has faded to
   * `CONVERGED_WEIGHT`, so that a table and a short window agree on every complete row.
   */
  warmUp(parameters: Readonly<Record<Parameter, number>>): number;
  /** The columns, each as long as the bars. Row t may depend on bars 0 … t only. */
  compute(bars: Bars, parameters: Readonly<Record<Parameter, number>>): readonly Float64Array[];
}

/** Lets the compiler check a definition's parameter names against its functions. */
export function defineFeature<const Parameter extends string>(definition: FeatureDefinition<Parameter>): FeatureDefinition {
  return definition;
}
