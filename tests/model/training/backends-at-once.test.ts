import { expect, test } from 'vitest';
import { loadBackend } from '../../../model/training/index.ts';

// In a file of its own: TensorFlow.js must not have been started in this process before.
test('two steps of one process that start TensorFlow at once both get what they ask for', async () => {
  const backends = await Promise.all([loadBackend(['wasm', 'cpu']), loadBackend(['wasm', 'cpu']), loadBackend(['cpu'])]);
  expect(backends.map(({ name, refused }) => [name, refused])).toEqual([['wasm', []], ['wasm', []], ['cpu', []]]);
});
