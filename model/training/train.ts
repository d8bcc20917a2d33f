import type { Network } from '../predictor/index.ts';
import { createRandom, permutation, type Random } from '../random.ts';
import type { Backend, BackendName } from './backend.ts';
import { prepareRows, type LabelledRows } from './labelled-rows.ts';
import { judge } from './loss.ts';
import { networkOf, planLayers } from './parameters.ts';
import { checkSettings, type TrainingSettings } from './settings.ts';
import { createTrainer, type Trainer } from './trainer.ts';

export interface TrainingRequest {
  readonly backend: Backend;
  readonly training: LabelledRows;
  /** Days that the network does not learn from: they decide when to stop and which epoch is kept. */
  readonly validation: LabelledRows;
  readonly settings: TrainingSettings;
  /** Called after each epoch. */
  readonly onEpoch?: ((epoch: EpochReport) => void) | undefined;
  /** Stops the training between two batches; `trainModel` then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Figures after an epoch, all without dropout, penalty and class weights, so that they can be compared. */
export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  /** Mean log-loss in nats; a coin has 0.693. */
  readonly trainLoss: number;
  readonly validationLoss: number;
  /** Share of the validation rows on the right side of probability ½. */
  readonly validationAccuracy: number;
}

export interface TrainedModel {
  /** With the weights of the best epoch. Takes normalised features. */
  readonly network: Network;
  readonly history: readonly EpochReport[];
  /** The epoch with the lowest validation log-loss; the first of equals. */
  readonly bestEpoch: number;
  /** True when patience ran out before the last epoch. */
  readonly stoppedEarly: boolean;
  readonly backend: { readonly name: BackendName; readonly version: string };
}

/**
 * Trains a classifier for labels of 0 and 1 by minimising the log-loss with Adam, and keeps the epoch that is best on the
 * validation rows. The same request gives the same bytes on one backend and version; another backend rounds differently.
 *
 * Throws RangeError for settings or rows that are not valid, and when the loss is no longer a finite number.
 */
export async function trainModel(request: TrainingRequest): Promise<TrainedModel> {
  const { backend, settings, onEpoch, signal } = request;
  checkSettings(settings);
  const training = prepareRows('training', request.training);
  const validation = prepareRows('validation', request.validation);
  if (training.columns !== validation.columns) {
    throw new RangeError(`The training rows have ${training.columns} features but the validation rows ${validation.columns}.`);
  }
  const plan = planLayers(settings, training.columns);
  const random = createRandom(settings.seed);
  const trainer = createTrainer({ backend, plan, settings, training, validation, random });
  try {
    const history: EpochReport[] = [];
    let best: { epoch: number; loss: number; weights: Float32Array } | undefined;
    for (let epoch = 1; epoch <= settings.maxEpochs; epoch++) {
      await runEpoch(trainer, training.rows, settings.batchSize, random, signal);
      const report = reportEpoch(epoch, trainer, training.labels, validation.labels);
      history.push(report);
      onEpoch?.(report);
      if (!best || report.validationLoss < best.loss) best = { epoch, loss: report.validationLoss, weights: trainer.weights() };
      if (epoch - best.epoch >= settings.patience) break;
    }
    return {
      network: networkOf(plan, best!.weights),
      history,
      bestEpoch: best!.epoch,
      stoppedEarly: history.length < settings.maxEpochs,
      backend: { name: backend.name, version: backend.version },
    };
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

function reportEpoch(epoch: number, trainer: Trainer, trainingLabels: Float32Array, validationLabels: Float32Array): EpochReport {
  const { logLoss: trainLoss } = judge(trainer.logOdds('training'), trainingLabels);
  const { logLoss: validationLoss, accuracy: validationAccuracy } = judge(trainer.logOdds('validation'), validationLabels);
  if (!Number.isFinite(trainLoss) || !Number.isFinite(validationLoss)) {
    const losses = `${trainLoss} on the training rows and ${validationLoss} on the validation rows`;
    throw new RangeError(`The training went astray in epoch ${epoch}: the log-loss is ${losses}. A smaller learning rate may help.`);
  }
  return { epoch, trainLoss, validationLoss, validationAccuracy };
}
