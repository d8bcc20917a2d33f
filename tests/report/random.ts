/** Numbers in [0, 1) that are the same on every machine (a linear congruential generator: for pictures, not for statistics). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}
