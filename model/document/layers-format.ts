import { canonicalJson } from '../../dsl/util/index.ts';
import { ACTIVATIONS, checkNetwork, type DenseLayer, type Network } from '../predictor/index.ts';
import { readCount, readList, readMember, readOneOf, readText, refuse, type Place } from './reader.ts';

/*
 * The layers format of TensorFlow.js: `model.json` has the topology as Keras writes it and a manifest of the weights,
 * `weights.bin` their single-precision values, little-endian, one after the other. Read by `tf.loadLayersModel`. See
 * tfjs-core's `io/types.ts` (ModelJSON) and `io/io_utils.ts` (encodeWeights).
 */

const BYTES = 4;

/** `model.json` as a value. The model takes normalised features, batch × inputs, and answers batch × 1. */
export function layersModelOf(network: Network): unknown {
  const names = network.layers.map((_, at) => `dense_${at + 1}`);
  return {
    format: 'layers-model',
    generatedBy: 'Pipewright',
    convertedBy: null,
    modelTopology: {
      class_name: 'Sequential',
      config: {
        name: 'network',
        layers: network.layers.map(({ units, activation }, at) => ({
          class_name: 'Dense',
          config: {
            name: names[at],
            trainable: true,
            dtype: 'float32',
            ...(at === 0 ? { batch_input_shape: [null, network.inputs] } : {}),
            units,
            activation,
            use_bias: true,
            // Replaced by the weights at once; zeros are the cheapest to draw.
            kernel_initializer: { class_name: 'Zeros', config: {} },
            bias_initializer: { class_name: 'Zeros', config: {} },
          },
        })),
      },
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    },
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs(network, names) }],
  };
}

/** `weights.bin`: kernel and bias of each layer. */
export function weightBytesOf(network: Network): Uint8Array {
  const parts = network.layers.flatMap(({ kernel, bias }) => [kernel, bias]);
  const bytes = new Uint8Array(BYTES * parts.reduce((sum, part) => sum + part.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    for (const weight of part) {
      view.setFloat32(at, weight, true);
      at += BYTES;
    }
  }
  return bytes;
}

/**
 * The network in a `model.json` (parsed) and a `weights.bin` that {@link layersModelOf} and {@link weightBytesOf} wrote.
 * Throws RangeError for another kind of model, and when topology, manifest and bytes do not agree.
 */
export function readLayersModel(json: unknown, weights: Uint8Array): Network {
  const root: Place = { value: json, path: '' };
  readOneOf(readMember(root, 'format'), ['layers-model']);
  const topology = readMember(root, 'modelTopology');
  readOneOf(readMember(topology, 'class_name'), ['Sequential']);
  const layerList = readMember(readMember(topology, 'config'), 'layers');
  const plans = readList(layerList, readDense);
  const inputs = plans[0]?.inputs ?? refuse(layerList, 'a list that begins with a layer with batch_input_shape');

  const needed = plans.reduce((sum, { units }, at) => sum + BYTES * units * ((plans[at - 1]?.units ?? inputs) + 1), 0);
  if (weights.length !== needed) throw new RangeError(`weights.bin has ${weights.length} bytes; the layers in model.json need ${needed}.`);
  const view = new DataView(weights.buffer, weights.byteOffset, weights.byteLength);
  let at = 0;
  const take = (length: number): Float32Array => Float32Array.from({ length }, () => view.getFloat32((at += BYTES) - BYTES, true));
  let width = inputs;
  const layers = plans.map(({ units, activation }): DenseLayer => {
    const layer = { units, activation, kernel: take(width * units), bias: take(units) };
    width = units;
    return layer;
  });
  const network = { inputs, layers };
  checkNetwork(network);

  const manifest = readMember(root, 'weightsManifest');
  const expected = [{ paths: ['weights.bin'], weights: weightSpecs(network, plans.map(({ name }) => name)) }];
  if (canonicalJson(manifest.value ?? null) !== canonicalJson(expected)) {
    throw new RangeError('weightsManifest does not list the kernel and bias of each layer, in order and in their sizes, in weights.bin.');
  }
  return network;
}

interface DensePlan {
  readonly name: string;
  readonly units: number;
  readonly activation: DenseLayer['activation'];
  /** Only the first layer says. */
  readonly inputs: number | undefined;
}

function readDense(place: Place): DensePlan {
  readOneOf(readMember(place, 'class_name'), ['Dense']);
  const config = readMember(place, 'config');
  if (readMember(config, 'use_bias').value !== true) refuse(readMember(config, 'use_bias'), 'true');
  const shape = readMember(config, 'batch_input_shape');
  return {
    name: readText(readMember(config, 'name')),
    units: readCount(readMember(config, 'units')),
    activation: readOneOf(readMember(config, 'activation'), ACTIVATIONS),
    inputs: shape.value === undefined ? undefined : readInputs(shape),
  };
}

/** Batches of any size: `[null, inputs]`. */
function readInputs(shape: Place): number {
  const [batch, inputs, ...more] = readList(shape, (item) => item);
  return batch?.value === null && inputs && more.length === 0 ? readCount(inputs) : refuse(shape, 'a list of null and the number of inputs');
}

function weightSpecs(network: Network, names: readonly string[]): unknown[] {
  let inputs = network.inputs;
  return network.layers.flatMap(({ units }, at) => {
    const kernel = { name: `${names[at]}/kernel`, shape: [inputs, units], dtype: 'float32' };
    inputs = units;
    return [kernel, { name: `${names[at]}/bias`, shape: [units], dtype: 'float32' }];
  });
}
