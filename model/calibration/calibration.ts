import { sigmoid } from '../sigmoid.ts';
import { normalCdf } from '../statistics/normal.ts';
import { fitIsotonic, isotonicAt, type IsotonicFit } from './isotonic.ts';
import { fitPlatt, type PlattFit } from './platt.ts';

export const CALIBRATION_METHODS = ['none', 'platt', 'isotonic'] as const;
export type CalibrationMethod = (typeof CALIBRATION_METHODS)[number];

/** How a score becomes the probability of up. Plain JSON: it travels with the model. */
export type Calibration = { readonly method: 'none' } | ({ readonly method: 'platt' } & PlattFit) | ({ readonly method: 'isotonic' } & IsotonicFit);

/**
 * What a score is. Of a model of direction: the log-odds of up. Of a model of return: the forecast return in units of
 * `residualScale`, the deviation of its errors on the validation days; with errors that are normal, Φ(score) is the
 * probability of up.
 */
export type ScoreKind = { readonly kind: 'log-odds' } | { readonly kind: 'return'; readonly residualScale: number };

/** Learns from validation rows: their scores as {@link ScoreKind} says, and labels of 0 and 1. Throws RangeError as the methods do. */
export function fitCalibration(method: CalibrationMethod, scores: Float64Array, labels: ArrayLike<number>): Calibration {
  switch (method) {
    case 'none':
      return { method };
    case 'platt':
      return { method, ...fitPlatt(scores, labels) };
    case 'isotonic':
      return { method, ...fitIsotonic(scores, labels) };
  }
}

/**
 * The probability of up as a function of what the estimator answers: log-odds, or the forecast return itself. One
 * function for training, evaluation and serving. NaN gives NaN.
 */
export function compileCalibration(calibration: Calibration, kind: ScoreKind): (answer: number) => number {
  const scale = kind.kind === 'return' ? kind.residualScale : 1;
  if (!(scale > 0 && Number.isFinite(scale))) throw new RangeError(`The deviation of the errors is ${scale}; it must be a finite number above 0.`);
  switch (calibration.method) {
    case 'none':
      return kind.kind === 'return' ? (answer) => (Number.isNaN(answer) ? NaN : normalCdf(answer / scale)) : sigmoid;
    case 'platt': {
      const { slope, intercept } = calibration;
      return (answer) => sigmoid(slope * (answer / scale) + intercept);
    }
    case 'isotonic':
      return (answer) => isotonicAt(calibration, answer / scale);
  }
}
