import { applyNormalisation, fitNormalisation, type Normalisation } from '../../model/normalise.ts';
import { trainModel, type LabelledRows, type TrainedModel, type TrainingRequest } from '../../model/training/index.ts';

/** All that the training of a candidate may know: features as they are, not normalised. */
export interface KnownRows {
  readonly train: LabelledRows;
  /** They decide when to stop, and teach the calibration; nothing else is learned from them. */
  readonly validation: LabelledRows;
}

/** How to train. */
export type TrainOptions = Omit<TrainingRequest, 'training' | 'validation'>;

/** A trained model that takes features as they are: `compileEstimator(candidate.estimator, candidate)` makes it ready to answer. */
export interface TrainedCandidate extends TrainedModel {
  readonly normalisation: Normalisation;
}

/**
 * Trains a candidate: normalisation, members, calibration. The one way for the step, the canary and a backtest. Throws
 * RangeError for settings that are not valid, and for rows from which nothing can be learned.
 */
export async function trainCandidate({ train, validation }: KnownRows, options: TrainOptions): Promise<TrainedCandidate> {
  // Fitted on the training rows alone: anything else would tell the model about the days it is judged on.
  const normalisation = fitNormalisation(train.x, { from: 0, to: train.x.rows });
  const normalised = ({ x, y }: LabelledRows): LabelledRows => ({ x: applyNormalisation(x, normalisation), y });
  const trained = await trainModel({ ...options, training: normalised(train), validation: normalised(validation) });
  return { ...trained, normalisation };
}
