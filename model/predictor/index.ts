/** Prediction without TensorFlow: a trained network as plain numbers, and the forward pass that serves it. */
export { compilePredictor, type Predictor } from './compile.ts';
export { ACTIVATIONS, checkNetwork, type Activation, type DenseLayer, type Network } from './network.ts';
