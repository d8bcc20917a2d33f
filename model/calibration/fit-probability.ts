import { fitCalibration, type Calibration, type CalibrationMethod, type ScoreKind } from './calibration.ts';

/** What makes a probability of up of an estimator's answer, for `compileCalibration`. */
export interface ProbabilityFit {
  readonly score: ScoreKind;
  readonly calibration: Calibration;
}

export interface ProbabilityOptions {
  /** What the answers are: log-odds of up, or forecast returns. */
  readonly kind: ScoreKind['kind'];
  readonly method: CalibrationMethod;
}

/**
 * All that is learned of rows after the training: of returns the deviation of their errors, then the calibration. One
 * answer per row and, in `y`, the label of 0 or 1 or, for answers that are returns, the return that came. Throws
 * RangeError as `fitCalibration`.
 */
export function fitProbability(answers: Float64Array, y: ArrayLike<number>, { kind, method }: ProbabilityOptions): ProbabilityFit {
  if (kind === 'log-odds') return { score: { kind }, calibration: fitCalibration(method, answers, y) };
  const residualScale = deviationOfErrors(answers, y);
  const ups = Float64Array.from(y, (value) => Number(value > 0));
  return { score: { kind, residualScale }, calibration: fitCalibration(method, answers.map((answer) => answer / residualScale), ups) };
}

/** Root mean squared error of the forecasts: what a forecast return is measured in, to say how probable a rise is. */
function deviationOfErrors(forecasts: Float64Array, returns: ArrayLike<number>): number {
  return Math.sqrt(forecasts.reduce((sum, forecast, row) => sum + (returns[row]! - forecast) ** 2, 0) / forecasts.length);
}
