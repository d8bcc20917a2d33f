import type { Random } from '../random.ts';

/**
 * What a layer's outputs are multiplied with in one training step: 0 with probability `rate`, else 1 / (1 − rate), so that
 * the expected output stays the same and nothing has to be scaled when predicting (inverted dropout).
 */
export function drawMask(length: number, rate: number, random: Random): Float32Array {
  const limit = rate * 2 ** 32;
  const kept = 1 / (1 - rate);
  const mask = new Float32Array(length);
  for (let at = 0; at < length; at++) mask[at] = random.bits() < limit ? 0 : kept;
  return mask;
}
