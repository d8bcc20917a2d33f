import type * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../random.ts';
import { activate, type Backend } from './backend.ts';
import { drawMask } from './dropout.ts';
import { forward } from './forward.ts';
import { rowWeights, type PreparedRows } from './labelled-rows.ts';
import { batchLoss } from './loss.ts';
import { drawWeights, kernelMask, splitWeights, type LayerPlan } from './parameters.ts';
import type { NetworkSettings } from './settings.ts';

/** A training in progress: the rows and the weights in TensorFlow's memory, until `dispose`. */
export interface Trainer {
  /** One step of Adam on a batch: `batch` are row numbers of the training rows. */
  step(batch: Int32Array): void;
  /** The sums of the last layer for all rows with the present weights, without dropout: log-odds, or scaled returns. */
  scores(of: 'training' | 'validation'): Float32Array;
  /** A copy of the weight vector. */
  weights(): Float32Array;
  dispose(): void;
}

export interface TrainerRequest {
  readonly backend: Backend;
  readonly plan: readonly LayerPlan[];
  readonly settings: NetworkSettings;
  readonly training: PreparedRows;
  readonly validation: PreparedRows;
  /** Draws the initial weights, then the dropout of each step. */
  readonly random: Random;
}

/**
 * Puts rows and first weights into TensorFlow's memory. The rows are there once; a step takes its batch out by number.
 *
 * Why not `model.fit` of tfjs-layers: for networks of this size it takes twice the processor time on wasm
 * (`bench/training.ts`), and it shuffles with random numbers that cannot be seeded.
 */
export function createTrainer({ backend, plan, settings, training, validation, random }: TrainerRequest): Trainer {
  const { tf: tensorflow } = backend;
  const { columns } = training;
  const weighing = rowWeights(training.labels, settings);
  activate(backend);

  const x = tensorflow.tensor2d(training.features, [training.rows, columns]);
  const labels = tensorflow.tensor2d(training.labels, [training.rows, 1]);
  const importance = tensorflow.tensor2d(weighing, [training.rows, 1]);
  const validationX = tensorflow.tensor2d(validation.features, [validation.rows, columns]);
  const weights = tensorflow.tidy(() => tensorflow.variable(tensorflow.tensor1d(drawWeights(plan, random)), true));
  const penalty = tensorflow.tidy(() => tensorflow.mul(tensorflow.tensor1d(kernelMask(plan)), settings.l2)) as tf.Tensor1D;
  const optimizer = tensorflow.train.adam(settings.learningRate);
  const dropout = settings.architecture === 'neural-network' ? settings.dropout : 0;

  const drawMasks = (rows: number): tf.Tensor2D[] | undefined => {
    if (dropout === 0) return undefined;
    return plan.slice(0, -1).map(({ units }) => tensorflow.tensor2d(drawMask(rows * units, dropout, random), [rows, units]));
  };

  const scoresOf = (rows: tf.Tensor2D, masks?: readonly tf.Tensor2D[]): tf.Tensor2D =>
    forward(tensorflow, splitWeights(tensorflow, plan, weights as tf.Tensor1D), rows, masks);

  const addPenalty = (loss: tf.Scalar): tf.Scalar =>
    settings.l2 === 0 ? loss : tensorflow.add(loss, tensorflow.sum(tensorflow.mul(penalty, tensorflow.square(weights))));

  return {
    step(batch) {
      activate(backend);
      tensorflow.tidy(() => {
        const rows = tensorflow.tensor1d(batch, 'int32');
        const take = (all: tf.Tensor2D): tf.Tensor2D => tensorflow.gather(all, rows);
        const [batchX, batchLabels, batchWeights] = [take(x), take(labels), take(importance)];
        const masks = drawMasks(batch.length);
        const loss = (): tf.Scalar => addPenalty(batchLoss(tensorflow, settings.loss, scoresOf(batchX, masks), batchLabels, batchWeights));
        optimizer.minimize(loss, false, [weights]);
      });
    },
    scores(of) {
      activate(backend);
      return Float32Array.from(tensorflow.tidy(() => scoresOf(of === 'training' ? x : validationX).dataSync()));
    },
    weights() {
      activate(backend);
      return Float32Array.from(weights.dataSync());
    },
    dispose() {
      tensorflow.dispose([x, labels, importance, validationX, weights, penalty]);
      optimizer.dispose();
    },
  };
}
