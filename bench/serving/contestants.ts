/** One of the servers that are compared, in a process of its own. Started by bench/server.ts with `fork`. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as tf from '@tensorflow/tfjs-core';
import { createDataPlane } from '../../serving/data-plane.ts';
import { createListener } from '../../serving/http/listener.ts';
import { warmUp } from '../../serving/http/warm-up.ts';
import { createLog } from '../../serving/log.ts';
import { createMetrics } from '../../serving/metrics.ts';
import { createModelSlot } from '../../serving/models/model-slot.ts';
import { prepareModel } from '../../serving/models/served-model.ts';
import { decodeModel } from '../../model/document/index.ts';
import type { Predictor } from '../../model/predictor/index.ts';
import { loadBackend } from '../../model/training/index.ts';
import { makeModel, MODEL_NAME } from '../../tests/serving/support/models.ts';

export const HIDDEN_UNITS = [32, 16];

/** What a contestant tells and is asked. `cpu` is all processor time since the start, in microseconds. */
export type FromContestant = { readonly port: number } | { readonly cpu: number };

/** Reads JSON and writes as much JSON as the model server, with nothing in between: the least that any server does. */
function bare(): RequestListener {
  const reply = { model_name: MODEL_NAME, model_version: '1', outputs: [{ name: 'probability', datatype: 'FP64', shape: [1], data: [0.512345678] }, { name: 'direction', datatype: 'BYTES', shape: [1], data: ['up'] }] };
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { inputs } = JSON.parse(Buffer.concat(chunks).toString()) as { inputs: { data: number[] }[] };
      reply.outputs[0]!.data[0] = inputs[0]!.data[0]!;
      const text = JSON.stringify(reply);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      response.end(text);
    });
  };
}

/** The model server, whole, with the predictor that is given. */
async function serving(kind: 'compiled' | 'wasm'): Promise<RequestListener> {
  const { files } = makeModel({ hiddenUnits: HIDDEN_UNITS });
  const identity = { name: MODEL_NAME, version: '1', role: 'bench', digest: `sha256:${'0'.repeat(64)}` as never };
  const prepared = prepareModel(files, identity);
  const model = kind === 'compiled' ? prepared : { ...prepared, predictor: await wasmPredictor(files) };
  const slot = createModelSlot(MODEL_NAME, { description: 'the benchmark', role: 'bench', find: async () => ({ ...identity, load: async () => model }) }, warmUp);
  const outcome = await slot.refresh();
  if (outcome.kind !== 'swapped') throw new Error('the model was not loaded');
  const dataPlane = createDataPlane([slot]);
  const metrics = createMetrics({ inFlight: () => listener.inFlight(), isReady: () => true });
  const listener = createListener({ dataPlane, metrics, log: createLog(process.stderr, false), bodyLimit: 1_048_576, version: 'bench' });
  return listener.handle;
}

/** The same network by TensorFlow.js on wasm: its fused operations, on weights that are kept as tensors. */
async function wasmPredictor(files: Record<string, Uint8Array>): Promise<Predictor> {
  await loadBackend(['wasm']);
  const { estimator, document } = decodeModel(files);
  if (estimator.kind !== 'networks') throw new Error('the model of this benchmark is a network');
  const network = estimator.members[0]!;
  const { mean, scale } = document.normalisation;
  let width = network.inputs;
  const layers = network.layers.map(({ units, kernel, bias, activation }) => {
    const layer = { b: tf.tensor2d(kernel, [width, units]), bias: tf.tensor1d(bias), activation: activation as 'relu' | 'sigmoid' };
    width = units;
    return layer;
  });
  const predictRows = (values: ArrayLike<number>, rows: number): Float64Array => {
    const normalised = Float32Array.from(values, (value, at) => (value - mean[at % network.inputs]!) / scale[at % network.inputs]!);
    const answer = tf.tidy(() => layers.reduce((a, layer) => tf.fused.matMul({ a, ...layer }) as tf.Tensor2D, tf.tensor2d(normalised, [rows, network.inputs])));
    const probabilities = Float64Array.from(answer.dataSync());
    answer.dispose();
    return probabilities;
  };
  const forecast = (values: ArrayLike<number>, rows: number) => {
    const probabilities = predictRows(values, rows);
    return { answers: probabilities.map((up) => Math.log(up / (1 - up))), probabilities, returns: undefined };
  };
  return { inputs: network.inputs, predictRow: (row) => predictRows(row, 1)[0]!, predictRows, forecast };
}

const kind = process.argv[2];
if (kind === 'bare' || kind === 'compiled' || kind === 'wasm') {
  const server: Server = createServer(kind === 'bare' ? bare() : await serving(kind));
  server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port } satisfies FromContestant));
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send!({ cpu: user + system } satisfies FromContestant);
  });
  process.on('disconnect', () => process.exit(0));
}
