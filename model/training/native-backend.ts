import util from 'node:util';
import type { Tensorflow } from './backend.ts';

const PACKAGE: string = '@tensorflow/tfjs-node';

/**
 * Loads tfjs-node, if it is installed together with its native library, and makes its backend the active one. Answers
 * its version and the library's, such as `4.22.0 (TensorFlow 2.9.1)`. Throws when it cannot be loaded.
 */
export async function startNative(tf: Tensorflow): Promise<string> {
  restoreNullTest();
  let loaded: { readonly version?: Readonly<Record<string, string>> };
  try {
    // Not a literal, so that neither the compiler nor a bundler asks for a package that is optional.
    loaded = (await import(/* @vite-ignore */ PACKAGE)) as typeof loaded;
  } catch (error) {
    if (isNotInstalled(error)) throw new RangeError(`${PACKAGE} is not installed`);
    throw error;
  }
  await tf.setBackend('tensorflow');
  const { binding } = tf.backend() as { readonly binding?: { readonly TF_Version?: string } };
  return `${loaded.version?.['tfjs-node'] ?? 'unknown'} (TensorFlow ${binding?.TF_Version ?? 'unknown'})`;
}

/** tfjs-node 4.22.0 calls a function that Node 23 removed (tensorflow/tfjs #8425). */
function restoreNullTest(): void {
  const mutable = util as { isNullOrUndefined?: (value: unknown) => boolean };
  mutable.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

/** True when the package itself is missing; false when it is there and something inside it fails. */
function isNotInstalled(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes(`'${PACKAGE}'`);
}
