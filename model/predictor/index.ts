/** Prediction without TensorFlow: a trained model as plain numbers, and the arithmetic that serves it. */
export { compileEstimator, compilePredictor, type CompileOptions, type Forecast, type Predictor } from './compile.ts';
export { checkAnswer, inputsOf, type Estimator } from './estimator.ts';
export { ACTIVATIONS, checkNetwork, type Activation, type DenseLayer, type Network } from './network.ts';
export { checkTrees, type BoostedTrees } from './trees.ts';
