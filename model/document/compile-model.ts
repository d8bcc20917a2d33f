import { compileEstimator, type Predictor } from '../predictor/index.ts';
import type { Model } from './codec.ts';

/** A stored model, ready to answer: the one way for evaluation, serving and proof, so that all apply the same normalisation and calibration. */
export function compileModel({ document: { normalisation, score, calibration }, estimator }: Model): Predictor {
  return compileEstimator(estimator, { normalisation, score, calibration });
}
