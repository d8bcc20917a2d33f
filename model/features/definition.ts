import type { Bar, BarColumn, Bars } from '../bars.ts';
import type { StreamState } from './stream-state.ts';

/**
 * When the value of a row can be known:
 * - `bar`: as soon as its bar can, which is some time after the session closed (the bar's `availableAt`);
 * - `calendar`: before the session begins, because it is made of the date alone.
 */
export type Availability = 'bar' | 'calendar';

/**
 * How far back a row looks:
 * - `window`: on `warmUp` bars and not one more;
 * - `fading`: on every bar there was, with weights that fade; after `warmUp` bars what came before has next to none.
 */
export type Memory = 'window' | 'fading';

/**
 * One feature function: what it reads, how many bars it needs, when it is known, which columns it gives, for a whole
 * table and for one more bar. Everything that the feature table, the model server, the online snapshot and the
 * feature-set digest know about a feature is said here, once.
 */
export interface FeatureDefinition<Parameter extends string = string, State extends StreamState = StreamState> {
  readonly kind: string;
  /** One sentence for people: the formula and its unit. */
  readonly summary: string;
  /** The bar columns it reads. */
  readonly inputs: readonly (BarColumn | 'date')[];
  readonly availability: Availability;
  readonly memory: Memory;
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
  /** What {@link update} knows before the first bar. Plain data of one shape and size for good. */
  start(parameters: Readonly<Record<Parameter, number>>): State;
  /**
   * The columns of one more bar, with the very bits that `compute` gives for it; before the warm-up is complete they mean
   * nothing. Changes the state. Amortised O(1).
   */
  update(state: State, bar: Bar, parameters: Readonly<Record<Parameter, number>>): readonly number[];
}

/** Lets the compiler check a definition's parameter names and state against its functions. */
export function defineFeature<const Parameter extends string, State extends StreamState>(definition: FeatureDefinition<Parameter, State>): FeatureDefinition {
  return definition;
}
