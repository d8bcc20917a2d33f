import type { Matrix } from '../matrix.ts';
import { checkNetwork, type Network } from '../predictor/index.ts';
import { activate, type Backend } from './backend.ts';
import { applyActivation, forward } from './forward.ts';

/**
 * The network's answers for normalised rows (rows × inputs), computed by TensorFlow: the reference that the compiled
 * predictor is held against. One probability per row. Throws RangeError when the columns do not fit the network.
 */
export function predictOnBackend(backend: Backend, network: Network, x: Matrix): Float64Array {
  checkNetwork(network);
  if (x.names.length !== network.inputs) {
    throw new RangeError(`The model takes ${network.inputs} features; the rows have ${x.names.length}.`);
  }
  activate(backend);
  const { tf } = backend;
  const answers = tf.tidy(() => {
    let inputs = network.inputs;
    const layers = network.layers.map(({ units, activation, kernel, bias }) => {
      const tensors = { kernel: tf.tensor2d(kernel, [inputs, units]), bias: tf.tensor1d(bias), activation };
      inputs = units;
      return tensors;
    });
    const sums = forward(tf, layers, tf.tensor2d(Float32Array.from(x.values), [x.rows, network.inputs]));
    return applyActivation(tf, layers.at(-1)!.activation, sums).dataSync();
  });
  return Float64Array.from(answers);
}
