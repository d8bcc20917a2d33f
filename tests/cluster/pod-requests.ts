import { setTimeout as delay } from 'node:timers/promises';
import type { ServingRig } from './serving-rig.ts';

/** Seconds until a pod that was told to end gets no more requests: how long the gateway goes on sending. */
export async function requestsSeenBy({ metricsOf }: ServingRig, pod: string): Promise<number> {
  const began = performance.now();
  let last = { count: await predictionsOf(metricsOf, pod), at: began };
  while (performance.now() - last.at < 1500) {
    await delay(50);
    const count = await predictionsOf(metricsOf, pod);
    if (count !== last.count) last = { count, at: performance.now() };
  }
  return (last.at - began) / 1000;
}

async function predictionsOf(metricsOf: ServingRig['metricsOf'], pod: string): Promise<number> {
  const text = await metricsOf(pod);
  return [...text.matchAll(/^pipewright_predictions_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}
