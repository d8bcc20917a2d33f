/**
 * One prediction by the compiled predictor against TensorFlow.js, on networks of the shipped pipeline's size and larger.
 *
 *     npx tsx bench/predictor.ts
 *
 * The contestants take turns in short rounds, so that a busy machine is busy for all. Read the ratios, not the
 * microseconds.
 */
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { weightBytesOf, layersModelOf } from '../model/document/layers-format.ts';
import { compilePredictor, type Network } from '../model/predictor/index.ts';
import { createRandom, type Random } from '../model/random.ts';
import { activate } from '../model/training/backend.ts';
import { loadBackend, type Backend } from '../model/training/index.ts';

const ROUNDS = 40;
const ROWS_A_ROUND = 100;

interface Contestant {
  readonly name: string;
  /** Called before a round, outside the measurement. */
  prepare(): void;
  predict(row: Float64Array): number;
}

function drawNetwork(sizes: readonly number[], random: Random): Network {
  const layers = sizes.slice(1).map((units, at) => {
    const inputs = sizes[at]!;
    const activation = at === sizes.length - 2 ? ('sigmoid' as const) : ('relu' as const);
    const kernel = Float32Array.from({ length: inputs * units }, () => (2 * random.uniform() - 1) * Math.sqrt(6 / (inputs + units)));
    return { units, activation, kernel, bias: new Float32Array(units) };
  });
  return { inputs: sizes[0]!, layers };
}

/** The two ways to ask TensorFlow.js: a model of its layers package, and its bare operations on weights kept as tensors. */
async function tensorflowContestants(backend: Backend, network: Network): Promise<Contestant[]> {
  const { tf } = backend;
  const { modelTopology, weightsManifest } = layersModelOf(network) as { modelTopology: object; weightsManifest: { weights: never[] }[] };
  const weightData = Uint8Array.from(weightBytesOf(network)).buffer;
  const model = await loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0]!.weights, weightData }));
  let inputs = network.inputs;
  const layers = network.layers.map(({ units, kernel, bias }, at) => {
    const activation = at === network.layers.length - 1 ? ('sigmoid' as const) : ('relu' as const);
    const tensors = { b: tf.tensor2d(kernel, [inputs, units]), bias: tf.tensor1d(bias), activation };
    inputs = units;
    return tensors;
  });
  const upload = (row: Float64Array) => tf.tensor2d(Float32Array.from(row), [1, network.inputs]);
  const prepare = (): void => activate(backend);
  return [
    {
      name: `tfjs ${backend.name}, operations`,
      prepare,
      predict: (row) => tf.tidy(() => layers.reduce((a, layer) => tf.fused.matMul({ a, ...layer }) as typeof a, upload(row)).dataSync()[0]!),
    },
    {
      name: `tfjs ${backend.name}, model.predict`,
      prepare,
      predict: (row) => tf.tidy(() => (model.predict(upload(row)) as ReturnType<typeof upload>).dataSync()[0]!),
    },
  ];
}

/** Microseconds of every single prediction, by contestant. */
function measure(contestants: readonly Contestant[], rows: readonly Float64Array[]): Map<string, number[]> {
  const times = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  for (let round = -5; round < ROUNDS; round++) {
    for (const { name, prepare, predict } of contestants) {
      prepare();
      for (const row of rows) {
        const before = process.hrtime.bigint();
        predict(row);
        const after = process.hrtime.bigint();
        // The first rounds only warm the compiler up.
        if (round >= 0) times.get(name)!.push(Number(after - before) / 1000);
      }
    }
  }
  return times;
}

const quantile = (times: readonly number[], share: number): number => times.toSorted((a, b) => a - b)[Math.floor(share * (times.length - 1))]!;

for (const sizes of [[19, 16, 8, 1], [32, 64, 32, 1]]) {
  const random = createRandom(1);
  const network = drawNetwork(sizes, random);
  const rows = Array.from({ length: ROWS_A_ROUND }, () => Float64Array.from({ length: network.inputs }, () => random.normal()));
  const predictor = compilePredictor(network);
  const contestants: Contestant[] = [{ name: 'compiled predictor', prepare: () => {}, predict: (row) => predictor.predictRow(row) }];
  for (const backend of [await loadBackend(['wasm']), await loadBackend(['cpu'])]) contestants.push(...(await tensorflowContestants(backend, network)));

  for (const { name, prepare, predict } of contestants) {
    prepare();
    const worst = Math.max(...rows.map((row) => Math.abs(predict(row) - predictor.predictRow(row))));
    if (!(worst <= 1e-6)) throw new RangeError(`${name} answers otherwise, by ${worst}: there is nothing to compare.`);
  }

  const times = measure(contestants, rows);
  const base = quantile(times.get('compiled predictor')!, 0.5);
  console.log(`\n${sizes.join(' → ')}, one row at a time, ${ROUNDS * ROWS_A_ROUND} rows each`);
  console.table(
    Object.fromEntries(
      [...times].map(([name, all]) => [name, { 'p50 µs': +quantile(all, 0.5).toFixed(2), 'p99 µs': +quantile(all, 0.99).toFixed(2), 'p50 ratio': +(quantile(all, 0.5) / base).toFixed(1) }]),
    ),
  );
}
