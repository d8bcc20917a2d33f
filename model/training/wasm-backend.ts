import { setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import type { Tensorflow } from './backend.ts';

/** TensorFlow.js takes the folder only before the first start, even if that fails. */
let folder: string | undefined;

/**
 * Starts the WebAssembly backend, with the `.wasm` files from the folder `path` where one is given, and makes it the
 * active one. Answers its version. Throws with the cause when it cannot be started.
 */
export async function startWasm(tf: Tensorflow, path: string | undefined): Promise<string> {
  const running = tf.engine().registry['wasm'] !== undefined;
  if (path !== undefined && path !== folder && !running) {
    setWasmPaths(path.endsWith('/') ? path : `${path}/`);
    folder = path;
  }
  // A failed start makes setBackend answer false, and the next operation silently starts another backend.
  const { started, said } = await tameStart(() => tf.setBackend('wasm'));
  if (!started) throw new RangeError(`its files could not be loaded: ${said ?? 'no reason was given'}`);
  return version_wasm;
}

const FATAL = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Two habits of the start-up code that Emscripten puts around the binary are undone here. It prints the cause of a
 * failure, which TensorFlow.js then throws away: it is caught and answered. And it makes the process rethrow every error
 * that nobody caught: what happens then is for the program to decide.
 */
async function tameStart(start: () => Promise<boolean>): Promise<{ started: boolean; said: string | undefined }> {
  const listenersOf = (event: (typeof FATAL)[number]) => process.listeners(event as 'uncaughtException');
  const before = FATAL.map(listenersOf);
  const { warn } = console;
  let starting = true;
  let said: string | undefined;
  // Emscripten keeps this function for later warnings, which must pass.
  console.warn = (...words: unknown[]) => {
    const text = String(words[0]);
    if (starting && /^(Aborted\(|failed to asynchronously)/.test(text)) said ??= /Error: (.*)\)$/.exec(text)?.[1];
    else warn.call(console, ...words);
  };
  try {
    return { started: await start(), said };
  } finally {
    starting = false;
    console.warn = warn;
    for (const [at, event] of FATAL.entries()) {
      for (const listener of listenersOf(event)) if (!before[at]!.includes(listener)) process.removeListener(event, listener);
    }
  }
}
