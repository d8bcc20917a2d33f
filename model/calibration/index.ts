/** Calibration: how a model's score becomes a probability of up, learned on validation days. */
export { CALIBRATION_METHODS, compileCalibration, fitCalibration, type Calibration, type CalibrationMethod, type ScoreKind } from './calibration.ts';
export { crossFit, type CrossFitOptions } from './cross-fit.ts';
export { fitProbability, type ProbabilityFit, type ProbabilityOptions } from './fit-probability.ts';
export { fitIsotonic, isotonicAt, type IsotonicFit } from './isotonic.ts';
export { fitPlatt, type PlattFit } from './platt.ts';
