import { ACTIVATE } from './activation.ts';
import type { DenseLayer, Network } from './network.ts';

/**
 * A network as a function from a normalised row in `input` to the sum that goes into its last activation: the log-odds
 * of a classifier, the forecast itself of a linear last layer. Keeps scratch memory, allocates none per row.
 *
 * Inputs and weights have TensorFlow's single precision; sums are taken in double precision. TensorFlow's own backends
 * round in other places: with weights and features of usual size the answers differ by less than 1e-6 (tested).
 */
export function compileNetwork(network: Network, input: Float64Array): () => number {
  const steps: (() => void)[] = [];
  let output = input;
  for (const [at, layer] of network.layers.entries()) {
    const from = output;
    output = new Float64Array(layer.units);
    const isLast = at === network.layers.length - 1;
    steps.push(compileLayer(isLast ? { ...layer, activation: 'linear' } : layer, from, output));
  }
  return () => {
    for (let at = 0; at < steps.length; at++) steps[at]!();
    return output[0]!;
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
