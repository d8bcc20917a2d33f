import type { Normalisation } from '../normalise.ts';
import { ACTIVATE } from './activation.ts';
import { checkNetwork, type DenseLayer, type Network } from './network.ts';

/** A network made ready to answer: raw features in, probability out. Keeps scratch memory, allocates none per row. */
export interface Predictor {
  /** Columns of a row. */
  readonly inputs: number;
  /**
   * The probability for one row of raw features, `inputs` long. NaN when a feature is not a finite number.
   * Throws RangeError when the row has another length.
   */
  predictRow(row: ArrayLike<number>): number;
  /**
   * The probabilities of `rows` rows, row-major in `values` (rows × inputs). Written into `out` where one is given.
   * Throws RangeError when `values` or `out` has another length.
   */
  predictRows(values: ArrayLike<number>, rows: number, out?: Float64Array): Float64Array;
}

/**
 * Compiles a network into a forward pass over typed arrays. Without `normalisation` the rows are taken as they are.
 *
 * Inputs and weights have TensorFlow's single precision; sums are taken in double precision. TensorFlow's own backends
 * round in other places: with weights and features of usual size the answers differ by less than 1e-6 (tested).
 *
 * Throws RangeError for a network or a normalisation that does not fit together.
 */
export function compilePredictor(network: Network, normalisation?: Normalisation): Predictor {
  checkNetwork(network);
  const { inputs } = network;
  const mean = new Float64Array(inputs);
  const scale = new Float64Array(inputs).fill(1);
  if (normalisation) {
    copyFinite('mean', normalisation.mean, mean);
    copyFinite('scale', normalisation.scale, scale);
    const zero = scale.indexOf(0);
    if (zero >= 0) throw new RangeError(`The scale of column ${zero} is 0; a column is divided by its scale.`);
  }

  const input = new Float64Array(inputs);
  const steps: (() => void)[] = [];
  let output = input;
  for (const layer of network.layers) {
    const from = output;
    output = new Float64Array(layer.units);
    steps.push(compileLayer(layer, from, output));
  }

  const predict = (values: ArrayLike<number>, offset: number): number => {
    for (let at = 0; at < inputs; at++) {
      const value = Math.fround((values[offset + at]! - mean[at]!) / scale[at]!);
      if (value - value !== 0) return NaN;
      input[at] = value;
    }
    for (let at = 0; at < steps.length; at++) steps[at]!();
    return output[0]!;
  };

  return {
    inputs,
    predictRow(row) {
      if (row.length !== inputs) throw new RangeError(`The model takes rows of ${inputs} features; got ${row.length}.`);
      return predict(row, 0);
    },
    predictRows(values, rows, out = new Float64Array(rows)) {
      if (values.length !== rows * inputs) {
        throw new RangeError(`${rows} rows of ${inputs} features are ${rows * inputs} values; got ${values.length}.`);
      }
      if (out.length !== rows) throw new RangeError(`${rows} rows give ${rows} probabilities; the output has room for ${out.length}.`);
      for (let row = 0; row < rows; row++) out[row] = predict(values, row * inputs);
      return out;
    },
  };
}

/** Units that are summed at once: four independent sums keep the processor busy, and one alone waits for itself. */
const BLOCK = 4;

/** One layer as a function from one buffer to the next. */
function compileLayer(layer: DenseLayer, from: Float64Array, to: Float64Array): () => void {
  const inputs = from.length;
  const { units } = layer;
  const blocks = Math.ceil(units / BLOCK);
  // Block by block, input by input, so that the inner loop walks through memory in order; the last block is filled up with zeros.
  const weights = new Float64Array(blocks * inputs * BLOCK);
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < units; j++) weights[(Math.floor(j / BLOCK) * inputs + i) * BLOCK + (j % BLOCK)] = layer.kernel[i * units + j]!;
  }
  const bias = new Float64Array(blocks * BLOCK);
  bias.set(layer.bias);
  const activate = ACTIVATE[layer.activation];
  return () => {
    let at = 0;
    for (let unit = 0; unit < units; unit += BLOCK) {
      let first = bias[unit]!;
      let second = bias[unit + 1]!;
      let third = bias[unit + 2]!;
      let fourth = bias[unit + 3]!;
      for (let i = 0; i < inputs; i++, at += BLOCK) {
        const value = from[i]!;
        first += value * weights[at]!;
        second += value * weights[at + 1]!;
        third += value * weights[at + 2]!;
        fourth += value * weights[at + 3]!;
      }
      // What lies beyond the last unit is outside the array, and a typed array ignores it.
      to[unit] = first;
      to[unit + 1] = second;
      to[unit + 2] = third;
      to[unit + 3] = fourth;
    }
    activate(to);
  };
}

function copyFinite(what: string, from: ArrayLike<number>, to: Float64Array): void {
  if (from.length !== to.length) {
    throw new RangeError(`The normalisation has ${from.length} ${what}s for a network of ${to.length} inputs.`);
  }
  for (let at = 0; at < to.length; at++) {
    if (!Number.isFinite(from[at])) throw new RangeError(`The ${what} of column ${at} is ${from[at]}; it must be a finite number.`);
    to[at] = from[at]!;
  }
}
