import { expect, test } from 'vitest';
import { loadBackend } from '../../../model/training/index.ts';
import { batchLoss, judge } from '../../../model/training/loss.ts';

test.each(['cpu', 'wasm'] as const)('on %s the loss and its gradient are those of TensorFlow, row weights included', async (name) => {
  const { tf } = await loadBackend([name]);
  const logOdds = tf.tensor2d([-30, -2, -0.5, 0, 0.1, 3, 40], [7, 1]);
  const labels = tf.tensor2d([1, 0, 1, 0, 1, 1, 0], [7, 1]);
  const weights = tf.tensor2d([1, 0.5, 2, 1, 1, 0.25, 3], [7, 1]);
  const ours = tf.valueAndGrad((z) => batchLoss(tf, 'log', z as typeof logOdds, labels, weights))(logOdds);
  const theirs = tf.valueAndGrad((z) => tf.losses.sigmoidCrossEntropy(labels, z, weights) as typeof ours.value & { rank: 0 })(logOdds);
  expect(Math.abs(ours.value.dataSync()[0]! - theirs.value.dataSync()[0]!)).toBeLessThan(1e-5);
  const [a, b] = [ours.grad.dataSync(), theirs.grad.dataSync()];
  for (let row = 0; row < 7; row++) expect(Math.abs(a[row]! - b[row]!)).toBeLessThan(1e-7);
});

test('a judgement is the mean log-loss in nats and the share on the right side', () => {
  const { loss, accuracy } = judge('log', Float32Array.of(0, Math.log(3), -Math.log(3), 500), Float32Array.of(1, 1, 1, 0));
  // Probabilities ½, ¾, ¼ of what happened; the last is as wrong as can be, and stays finite.
  expect(loss).toBeCloseTo((Math.log(2) + Math.log(4 / 3) + Math.log(4) + 500) / 4, 6);
  expect(accuracy).toBe(0.25);
});
