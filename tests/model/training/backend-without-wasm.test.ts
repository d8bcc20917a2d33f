import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test, vi } from 'vitest';
import { explainBackend, loadBackend, trainModel } from '../../../model/training/index.ts';
import { logisticSettings, sampleRows } from './sample-rows.ts';

// A file of its own, because the folder of the files can be told once in a process.
const nowhere = join(tmpdir(), 'no-wasm-here');

test('files that are not there refuse wasm, and say so, without a word on the console; cpu trains', async () => {
  const said = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error'), vi.spyOn(console, 'log')];
  const backend = await loadBackend(['wasm', 'cpu'], { wasmPath: nowhere });
  expect(backend.name).toBe('cpu');
  expect(tf.getBackend()).toBe('cpu');
  expect(explainBackend(backend)).toMatch(
    /^TensorFlow\.js 4\.22\.0 computes on cpu 4\.22\.0, not wasm: its files could not be loaded: ENOENT: .*no-wasm-here.*\.wasm'\.$/,
  );
  await trainModel({ backend: async () => backend, training: sampleRows(40, 3, 1), validation: sampleRows(20, 3, 2), settings: logisticSettings });
  for (const spy of said) expect(spy).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

test('when nothing of the preference works, the error lists every reason', async () => {
  await expect(loadBackend(['wasm'], { wasmPath: nowhere })).rejects.toThrow(
    /^No backend for TensorFlow works: wasm: its files could not be loaded: ENOENT: .*no-wasm-here.*\.wasm'\.$/,
  );
});
