import type { Network } from '../predictor/index.ts';
import { createRandom, permutation, type Random } from '../random.ts';
import type { Backend } from './backend.ts';
import { createEarlyStopping, type Fitted, type FittingRequest, type Scores } from './fitting.ts';
import { networkOf, planLayers } from './parameters.ts';
import type { NetworkSettings } from './settings.ts';
import { createTrainer, type Trainer } from './trainer.ts';

/**
 * Fits a network with Adam and keeps the epoch that is best on the validation rows. The same request gives the same bytes
 * on one backend and version; another backend rounds differently. Throws RangeError when the loss is no longer finite.
 */
export async function fitNetwork(backend: Backend, request: FittingRequest<NetworkSettings>): Promise<Fitted<Network>> {
  const { training, validation, settings, signal } = request;
  const plan = planLayers(settings, training.columns);
  const random = createRandom(settings.seed);
  const trainer = createTrainer({ backend, plan, settings, training, validation, random });
  const stopping = createEarlyStopping(request, settings.maxEpochs);
  let best: (Scores & { readonly weights: Float32Array }) | undefined;
  try {
    while (!stopping.isOver) {
      await runEpoch(trainer, training.rows, settings.batchSize, random, signal);
      const scores = { training: trainer.scores('training'), validation: trainer.scores('validation') };
      if (stopping.report(scores)) best = { ...scores, weights: trainer.weights() };
    }
    const { weights, ...scores } = best!;
    return { member: networkOf(plan, weights), scores, ...stopping.record() };
  } finally {
    trainer.dispose();
  }
}

/** Every row once, in a new order. Lets the rest of the process have its turn between batches. */
async function runEpoch(trainer: Trainer, rows: number, batchSize: number, random: Random, signal: AbortSignal | undefined): Promise<void> {
  const order = Int32Array.from(permutation(rows, random));
  for (let from = 0; from < rows; from += batchSize) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    trainer.step(order.subarray(from, from + batchSize));
  }
}
