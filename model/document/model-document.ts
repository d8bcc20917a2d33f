import type { Digest, Json } from '../../dsl/util/index.ts';
import type { Calibration, ScoreKind } from '../calibration/index.ts';
import type { Normalisation } from '../normalise.ts';
import type { Target, TrainingSettings } from '../training/settings.ts';

/** Raised with any change that an older reader would misunderstand. Version 1 had neither score nor calibration nor members. */
export const MODEL_FORMAT_VERSION = 2;

/**
 * Everything a server and a judge need to know about a model besides its weights. Plain JSON, without times or places:
 * the same training gives the same bytes.
 */
export interface ModelDocument {
  readonly formatVersion: typeof MODEL_FORMAT_VERSION;
  readonly name: string;
  /** What was learned. Whatever it is, the model's answer is the probability that the close rises over the horizon. */
  readonly target: Target;
  /** Trading days from the row's day to the day that decides the label. */
  readonly horizonDays: number;
  readonly featureSet: {
    /** The feature set as its room writes it. */
    readonly definition: Json;
    /** Columns of a row, in order. */
    readonly names: readonly string[];
    /** Compared with the server's own when the model is loaded. */
    readonly hash: Digest;
  };
  /** One mean and scale per column. */
  readonly normalisation: Normalisation;
  /** What the estimator's answer is: log-odds of up, or a return and the deviation of its errors. */
  readonly score: ScoreKind;
  /** Makes a probability of it. Learned on the validation rows. */
  readonly calibration: Calibration;
  /** The answer is yes from this probability on. */
  readonly decisionThreshold: number;
  readonly training: TrainingRecord;
  /** Figures of the evaluation, for people and for the gate. */
  readonly figures: Json;
  /** Rows with the answers that the training's own arithmetic gave; see `verifyGolden`. At least one. */
  readonly golden: readonly GoldenPrediction[];
  /** Digests of the data that it was made from, by name. */
  readonly data: Readonly<Record<string, Digest>>;
}

export interface TrainingRecord {
  /** Architecture, seed and all else that was set. */
  readonly settings: TrainingSettings;
  /** What computed. Other backends and versions round differently, so the weights' bytes depend on it. */
  readonly backend: { readonly name: string; readonly version: string };
  /** Days and rows of each split, by name: `train`, `validation`, `test`. */
  readonly splits: Readonly<Record<string, SplitRecord>>;
  /** In the order of the estimator. */
  readonly members: readonly MemberTraining[];
}

export interface MemberTraining {
  readonly seed: number;
  /** The epoch or the number of trees that was kept, from 1. */
  readonly bestEpoch: number;
  /** Epochs or trees that were run. */
  readonly epochs: number;
}

/** Both days, `YYYY-MM-DD`, belong to the split. */
export interface SplitRecord {
  readonly from: string;
  readonly to: string;
  readonly rows: number;
}

/** One row of raw features and the probability that must come out. */
export interface GoldenPrediction {
  readonly row: readonly number[];
  readonly probability: number;
}
