import type { PreparedRows } from './labelled-rows.ts';
import { judge } from './loss.ts';
import type { TrainingSettings } from './settings.ts';

/** What every family is given to fit one member. Labels of return are scaled: mean 0 and deviation 1 over the training rows. */
export interface FittingRequest<Settings extends TrainingSettings> {
  readonly training: PreparedRows;
  /** Days that nothing is learned from: they decide when to stop and which round is kept. */
  readonly validation: PreparedRows;
  readonly settings: Settings;
  /** Score of a return of 0, as the labels are scaled; 0 for direction. */
  readonly zero: number;
  /** Called after each round. */
  readonly onEpoch?: ((epoch: EpochReport) => void) | undefined;
  /** Stops the fitting between two pieces of work, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Figures after an epoch or a tree, all without dropout, penalty and class weights, so that they can be compared. */
export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  /** Mean loss of a row: log-loss in nats, where a coin has 0.693; of returns in squared deviations of the training rows. */
  readonly trainLoss: number;
  readonly validationLoss: number;
  /** Share of the validation rows on the right side of probability ½ or of a return of 0. */
  readonly validationAccuracy: number;
}

/** How a fitting went. */
export interface FittingRecord {
  readonly history: readonly EpochReport[];
  /** The epoch with the lowest validation loss; the first of equals. */
  readonly bestEpoch: number;
  /** True when patience ran out before the last epoch. */
  readonly stoppedEarly: boolean;
}

/** One member of a model, and how it came about. */
export interface Fitted<Member> extends FittingRecord {
  /** As it was at the best epoch. Takes normalised features in single precision. */
  readonly member: Member;
  /** What the training itself answered then, by its own arithmetic: log-odds, or scaled returns. One per row. */
  readonly scores: Scores;
}

export interface Scores {
  readonly training: ArrayLike<number>;
  readonly validation: ArrayLike<number>;
}

/** Keeps the history and says when to stop. */
export interface EarlyStopping {
  /** Takes the scores after an epoch. True when it is the best so far. Throws RangeError when the loss is no finite number. */
  report(scores: Scores): boolean;
  readonly isOver: boolean;
  record(): FittingRecord;
}

/** Early stopping by patience, the same for all families. */
export function createEarlyStopping({ training, validation, settings, zero, onEpoch }: FittingRequest<TrainingSettings>, maxEpochs: number): EarlyStopping {
  const history: EpochReport[] = [];
  let best: EpochReport | undefined;
  return {
    report(scores) {
      const epoch = history.length + 1;
      const { loss: trainLoss } = judge(settings.loss, scores.training, training.labels, zero);
      const { loss: validationLoss, accuracy: validationAccuracy } = judge(settings.loss, scores.validation, validation.labels, zero);
      if (!Number.isFinite(trainLoss) || !Number.isFinite(validationLoss)) {
        const losses = `${trainLoss} on the training rows and ${validationLoss} on the validation rows`;
        throw new RangeError(`The training went astray in epoch ${epoch}: the ${settings.loss === 'log' ? 'log-loss' : 'loss'} is ${losses}. A smaller learning rate may help.`);
      }
      const report = { epoch, trainLoss, validationLoss, validationAccuracy };
      history.push(report);
      onEpoch?.(report);
      if (best !== undefined && validationLoss >= best.validationLoss) return false;
      best = report;
      return true;
    },
    get isOver() {
      return history.length >= maxEpochs || (best !== undefined && history.length - best.epoch >= settings.patience);
    },
    record: () => ({ history, bestEpoch: best!.epoch, stoppedEarly: history.length < maxEpochs }),
  };
}
