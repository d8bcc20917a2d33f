import * as tf from '@tensorflow/tfjs-core';
// Its Node build registers the gradients; tfjs-core's own has none ("gradient function not found").
import { version_layers } from '@tensorflow/tfjs-layers';
import { version_cpu } from '@tensorflow/tfjs-backend-cpu';
import { listed } from '../../dsl/util/index.ts';
import { startNative } from './native-backend.ts';
import { startWasm } from './wasm-backend.ts';

export type Tensorflow = typeof tf;

/** What does TensorFlow's arithmetic: the native library (tfjs-node), WebAssembly, or plain JavaScript. In order of preference. */
export const BACKENDS = ['tensorflow', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** A backend that was tried and could not be used. */
export interface Refusal {
  readonly name: BackendName;
  /** Why, as a clause: "@tensorflow/tfjs-node is not installed". */
  readonly reason: string;
}

/** The backend that runs. Name and version are recorded with a model, because the bytes of its weights depend on them. */
export interface Backend {
  readonly name: BackendName;
  /** Version of the backend's package; for `tensorflow` with that of the native library. */
  readonly version: string;
  /** TensorFlow.js. All its functions run on the backend that is active; see {@link activate}. */
  readonly tf: Tensorflow;
  /** The backends that come before this one in the preference, each with why it was not taken. */
  readonly refused: readonly Refusal[];
}

export interface BackendOptions {
  /**
   * Folder that holds the `.wasm` files; by default beside the package, or beside the bundle that contains it. Counts
   * at the first start of wasm in a process.
   */
  readonly wasmPath?: string | undefined;
}

/**
 * Starts the first backend of `preference` that is there and computes rightly: each is asked for one small product of
 * matrices. Nothing falls back in silence: the answer says what was refused and why.
 *
 * TensorFlow.js keeps one active backend per process; the one returned is active. Whoever asks while another start is under
 * way waits for it. Throws RangeError when the preference is empty, names an unknown backend, or none of them works.
 */
export function loadBackend(preference: readonly BackendName[] = BACKENDS, options: BackendOptions = {}): Promise<Backend> {
  const started = lastStart.then(() => startFirst(preference, options));
  lastStart = started.catch(() => undefined);
  return started;
}

/** TensorFlow.js gives a start up when another begins (`pendingBackendInitId` of its engine), and steps may share a process. */
let lastStart: Promise<unknown> = Promise.resolve();

async function startFirst(preference: readonly BackendName[], options: BackendOptions): Promise<Backend> {
  const unknown = preference.find((name) => !BACKENDS.includes(name));
  if (unknown !== undefined) throw new RangeError(`There is no backend ${unknown}; the backends are ${listed(BACKENDS)}.`);
  if (preference.length === 0) throw new RangeError(`The preference names no backend; the backends are ${listed(BACKENDS)}.`);

  requireOneVersion();

  // Production mode silences the packages' advertising and keeps their warnings off the console; failures still throw.
  tf.env().set('PROD', true);

  const refused: Refusal[] = [];
  for (const name of preference) {
    try {
      const version = await START[name](options);
      const wrong = findWrongProduct();
      if (tf.getBackend() === name && wrong === undefined) return { name, version, tf, refused };
      refused.push({ name, reason: wrong ?? `it was started, yet ${tf.getBackend()} is active` });
    } catch (error) {
      refused.push({ name, reason: firstLine(error) });
    }
  }
  throw new RangeError(`No backend for TensorFlow works: ${refused.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}.`);
}

/** One sentence for a log: which backend runs, and why none that was preferred. */
export function explainBackend(backend: Backend): string {
  const refused = backend.refused.map(({ name, reason }) => `, not ${name}: ${reason}`).join('');
  return `TensorFlow.js ${tf.version_core} computes on ${backend.name} ${backend.version}${refused}.`;
}

/**
 * Makes a backend the active one again, if another was started since. Needed after every `await`, because the active
 * backend belongs to the process. Throws RangeError when it can no longer be used.
 */
export function activate(backend: Backend): void {
  // Of a backend that was started before, setBackend does all its work before it returns its promise.
  if (tf.getBackend() !== backend.name) void tf.setBackend(backend.name);
  const active = tf.getBackend();
  if (active !== backend.name) throw new RangeError(`The backend ${backend.name} is no longer there; ${active} is active.`);
}

/** Each starts its backend and answers its version, or throws. */
const START: Readonly<Record<BackendName, (options: BackendOptions) => Promise<string>>> = {
  tensorflow: () => startNative(tf),
  wasm: (options) => startWasm(tf, options.wasmPath),
  cpu: async () => {
    await tf.setBackend('cpu');
    return version_cpu;
  },
};

function findWrongProduct(): string | undefined {
  const got = tf.tidy(() => Array.from(tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])).dataSync()));
  return got.join() === '19,22,43,50' ? undefined : `it computes wrongly: [[1, 2], [3, 4]] × [[5, 6], [7, 8]] gave ${got.join(', ')}`;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? text).trim().replace(/\.$/, '');
}

/** Packages of two versions bring two copies of tfjs-core, and gradients that are registered with one are not seen by the other. */
function requireOneVersion(): void {
  for (const version of [version_layers, version_cpu]) {
    if (version !== tf.version_core) {
      throw new RangeError(`TensorFlow.js is installed in two versions, ${tf.version_core} and ${version}; all its packages must have the same.`);
    }
  }
}
