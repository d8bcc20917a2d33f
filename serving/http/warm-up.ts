import { setImmediate as turn } from 'node:timers/promises';
import type { ServedModel } from '../models/served-model.ts';
import { inferV2, predictV1 } from './inference.ts';

/** Enough calls for V8 to compile the hot functions. */
const CALLS = 200;
/** Calls in one turn: a fraction of a millisecond. */
const CALLS_A_TURN = 4;
const DAY_MS = 86_400_000;

/**
 * Asks a model in every way, on made-up numbers, so that its first request is as fast as its thousandth. Gives the turn
 * back again and again: requests to the model before must not wait. Throws RequestError when a window of exactly
 * `requiredBars` bars is not enough, which would mean that no client could ask with bars.
 */
export async function warmUp(model: ServedModel): Promise<void> {
  const bars = waves(model.requiredBars);
  const window = Buffer.from(JSON.stringify({ instances: [{ bars }] }));
  const row = model.featureNames.map(() => 0.5);
  const tensor = Buffer.from(JSON.stringify({ inputs: [{ name: 'features', shape: [1, row.length], datatype: 'FP64', data: row }] }));
  const instance = Buffer.from(JSON.stringify({ instances: [row] }));
  for (let call = 0; call < CALLS; call++) {
    if (call % 8 === 0 && model.featureSet.joined === undefined) predictV1(model, window);
    inferV2(model, tensor, undefined);
    predictV1(model, instance);
    if (call % CALLS_A_TURN === 0) await turn();
  }
}

/** A price that swings, on consecutive days. */
function waves(count: number): unknown[] {
  return Array.from({ length: count }, (_, day) => {
    const price = 100 + 5 * Math.sin(day / 7) + Math.sin(day);
    const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
    return { date, open: price, high: price, low: price, close: price, volume: 1e6 * (2 + Math.sin(day / 3)) };
  });
}
