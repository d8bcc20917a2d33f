/** What a layer does to the sum of its inputs. Names and formulas as in Keras. */
export const ACTIVATIONS = ['linear', 'relu', 'tanh', 'sigmoid'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/** One dense layer: `activation(x · kernel + bias)`. Single precision, because that is what TensorFlow trains. */
export interface DenseLayer {
  readonly units: number;
  readonly activation: Activation;
  /** Row-major, inputs × units: the weight from input i to unit j is at `i * units + j`, as in TensorFlow. */
  readonly kernel: Float32Array;
  /** One number per unit. */
  readonly bias: Float32Array;
}

/** A trained network as plain numbers: dense layers, from first to last; the last one has a single unit. */
export interface Network {
  /** Columns of a row that goes in. */
  readonly inputs: number;
  readonly layers: readonly DenseLayer[];
}

/**
 * Throws RangeError unless the sizes fit together from layer to layer, the last layer has one unit, and every weight is
 * a finite number.
 */
export function checkNetwork(network: Network): void {
  checkSize('A network', 'input', network.inputs);
  if (network.layers.length === 0) throw new RangeError('A network needs at least one layer.');
  let inputs = network.inputs;
  for (const [at, layer] of network.layers.entries()) {
    const where = `Layer ${at + 1} of the network`;
    checkSize(where, 'unit', layer.units);
    if (!ACTIVATIONS.includes(layer.activation)) {
      throw new RangeError(`${where} has the activation ${layer.activation}; known are ${ACTIVATIONS.join(', ')}.`);
    }
    checkWeights(`${where}: the kernel`, layer.kernel, inputs * layer.units, `${inputs} inputs × ${layer.units} units`);
    checkWeights(`${where}: the bias`, layer.bias, layer.units, `${layer.units} units`);
    inputs = layer.units;
  }
  if (inputs !== 1) throw new RangeError(`The last layer of the network has ${inputs} units; a probability needs exactly 1.`);
}

function checkSize(what: string, unit: string, size: number): void {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`${what} needs a whole number of ${unit}s, 1 or more; got ${size}.`);
}

function checkWeights(what: string, weights: Float32Array, expected: number, because: string): void {
  if (weights.length !== expected) throw new RangeError(`${what} has ${weights.length} weights; ${because} need ${expected}.`);
  const broken = weights.findIndex((weight) => !Number.isFinite(weight));
  if (broken >= 0) throw new RangeError(`${what} has the weight ${weights[broken]} at position ${broken}; weights are finite numbers.`);
}
