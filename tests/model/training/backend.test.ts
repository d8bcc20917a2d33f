import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { activate } from '../../../model/training/backend.ts';
import { loadBackend, predictOnBackend, type BackendName } from '../../../model/training/index.ts';

const wasmPath = join(import.meta.dirname, '../../../node_modules/@tensorflow/tfjs-backend-wasm/dist');

test('starting wasm leaves the listeners of the process and console.warn as they were', async () => {
  const { warn } = console;
  const before = [process.listeners('uncaughtException'), process.listeners('unhandledRejection')];
  expect(tf.engine().registry['wasm']).toBeUndefined();
  await loadBackend(['wasm'], { wasmPath });
  expect(tf.engine().registry['wasm']).toBeDefined();
  expect([process.listeners('uncaughtException'), process.listeners('unhandledRejection')]).toEqual(before);
  expect(console.warn).toBe(warn);
});

test('the folder of the files may be told, with or without a slash, and again', async () => {
  for (const path of [wasmPath, wasmPath, `${wasmPath}/`]) {
    expect(await loadBackend(['wasm'], { wasmPath: path })).toMatchObject({ name: 'wasm', version: '4.22.0', refused: [] });
    expect(tf.getBackend()).toBe('wasm');
  }
});

describe('which backend is taken', () => {
  test('by default native first, then wasm; without tfjs-node the reason is on record', async () => {
    const backend = await loadBackend();
    const native = backend.refused.find(({ name }) => name === 'tensorflow');
    // A machine may have tfjs-node installed: then it is what runs (tests/rig has more on that).
    if (backend.name === 'tensorflow') expect(native).toBeUndefined();
    else {
      expect(backend.name).toBe('wasm');
      expect(native?.reason).toMatch(/tfjs-node is not installed|can not be found/);
    }
  });

  test('the first of the preference that works', async () => {
    expect((await loadBackend(['cpu', 'wasm'])).name).toBe('cpu');
    expect((await loadBackend(['wasm', 'cpu'])).name).toBe('wasm');
  });

  test('one that computes wrongly is refused', async () => {
    const right = tf.getKernel('BatchMatMul', 'wasm');
    tf.unregisterKernel('BatchMatMul', 'wasm');
    tf.registerKernel({ ...right, kernelFunc: (request) => tf.getKernel('Add', 'wasm').kernelFunc(request as Parameters<typeof right.kernelFunc>[0]) });
    try {
      const backend = await loadBackend(['wasm', 'cpu']);
      expect(backend.name).toBe('cpu');
      expect(backend.refused).toEqual([{ name: 'wasm', reason: 'it computes wrongly: [[1, 2], [3, 4]] × [[5, 6], [7, 8]] gave 6, 8, 10, 12' }]);
    } finally {
      tf.unregisterKernel('BatchMatMul', 'wasm');
      tf.registerKernel(right);
    }
    expect((await loadBackend(['wasm'])).name).toBe('wasm');
  });

  test('a preference that is empty or unknown is refused', async () => {
    await expect(loadBackend([])).rejects.toThrow(new RangeError('The preference names no backend; the backends are tensorflow, wasm and cpu.'));
    await expect(loadBackend(['webgl' as BackendName])).rejects.toThrow(new RangeError('There is no backend webgl; the backends are tensorflow, wasm and cpu.'));
  });
});

test('a backend is active again when it is used after another was started', async () => {
  const wasm = await loadBackend(['wasm']);
  const cpu = await loadBackend(['cpu']);
  activate(wasm);
  expect(tf.getBackend()).toBe('wasm');
  const network = { inputs: 1, layers: [{ units: 1, activation: 'linear', kernel: Float32Array.of(2), bias: Float32Array.of(1) }] } as const;
  expect([...predictOnBackend(cpu, network, { names: ['a'], rows: 2, values: Float64Array.of(1, -3) })]).toEqual([3, -5]);
  expect(tf.getBackend()).toBe('cpu');
  expect(() => predictOnBackend(cpu, network, { names: ['a', 'b'], rows: 1, values: new Float64Array(2) })).toThrow(
    new RangeError('The model takes 1 features; the rows have 2.'),
  );
});
