import { checkBar, type Bar } from '../bars.ts';
import type { Digest } from '../../dsl/util/index.ts';
import { requireOneSeries } from './compute-features.ts';
import { featureSetHash, resolveFeatures, type FeatureSet, type ResolvedFeature } from './feature-set.ts';
import { readStreamState, type StreamState } from './stream-state.ts';

/** Where a stream stands: everything it needs to go on after a restart. Plain JSON, of one size for good. */
export interface FeatureStreamState {
  readonly format: 'pipewright/feature-stream/1';
  /** Of the feature set; a state goes on only with the functions that made it. */
  readonly hash: Digest;
  /** Bars so far. */
  readonly bars: number;
  /** Date of the last bar; empty before the first. */
  readonly date: string;
  /** One state per feature, in the order of the set. */
  readonly features: readonly StreamState[];
}

/** The features of a set, one bar at a time. */
export interface FeatureStream {
  /** Names of the columns of a row. */
  readonly names: readonly string[];
  /** Bars so far. */
  readonly bars: number;
  /** Date of the last bar; empty before the first. */
  readonly date: string;
  /**
   * Takes the next bar and gives its feature row; undefined until the warm-up of every feature is complete. The row has
   * the very bits that `computeFeatures` gives for it from the same first bar on. Amortised O(1) per feature. Throws
   * RangeError, and changes nothing, for a bar that `checkBar` refuses.
   */
  update(bar: Bar): Float64Array | undefined;
  /** A copy of where the stream stands. Throws RangeError when a number has left the range that JSON can hold. */
  state(): FeatureStreamState;
}

/**
 * Starts a stream, or takes up the one whose `state` was kept. Throws RangeError as `resolveFeatures`, and for a state
 * of other features or of another form.
 */
export function createFeatureStream(set: FeatureSet, state?: FeatureStreamState): FeatureStream {
  requireOneSeries(set);
  const features = resolveFeatures(set);
  const names = features.flatMap(({ columns }) => columns);
  const needed = Math.max(...features.map(({ warmUp }) => warmUp));
  const fresh = features.map(({ definition, parameters }) => definition.start(parameters));
  const hash = featureSetHash(set);
  const states = state === undefined ? fresh : readStates(features, fresh, state, hash);
  let bars = state?.bars ?? 0;
  let date = state?.date ?? '';
  return {
    names,
    get bars() { return bars; },
    get date() { return date; },
    update(bar) {
      checkBar(bar, date);
      const row = new Float64Array(names.length);
      let at = 0;
      for (const [index, { definition, parameters }] of features.entries()) {
        for (const value of definition.update(states[index]!, bar, parameters)) row[at++] = value;
      }
      bars++;
      date = bar.date;
      return bars < needed ? undefined : row;
    },
    state() {
      const now = { format: 'pipewright/feature-stream/1', hash, bars, date } as const;
      return { ...now, features: readStates(features, fresh, { ...now, features: states }, hash) };
    },
  };
}

function readStates(features: readonly ResolvedFeature[], fresh: readonly StreamState[], stored: FeatureStreamState, hash: Digest): readonly StreamState[] {
  if (stored.format !== 'pipewright/feature-stream/1') throw new RangeError('The state is not that of a feature stream.');
  if (stored.hash !== hash) throw new RangeError(`The state was made by other features: their hash is ${stored.hash} there and ${hash} here.`);
  if (!Number.isSafeInteger(stored.bars) || stored.bars < 0 || stored.features.length !== features.length) throw new RangeError('The state of the feature stream is damaged.');
  return features.map(({ columns }, at) => readStreamState(fresh[at]!, stored.features[at], `The state of ${columns[0]}`));
}
