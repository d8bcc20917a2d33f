import { compileCalibration, fitProbability, type Calibration, type ScoreKind } from '../calibration/index.ts';
import type { Estimator } from '../predictor/index.ts';
import { createRandom } from '../random.ts';
import type { Backend } from './backend.ts';
import { networksOn, TREES, type Family } from './family.ts';
import type { EpochReport, FittingRecord, Scores } from './fitting.ts';
import { fitLabelScale, prepareRows, scaleLabels, type LabelledRows, type LabelScale, type PreparedRows } from './labelled-rows.ts';
import { checkSettings, type TrainingSettings } from './settings.ts';

export interface TrainingRequest {
  /** Asked only for the families that TensorFlow.js trains. */
  readonly backend: () => Promise<Backend>;
  readonly training: LabelledRows;
  /** Days that no member learns from: they decide when to stop and which epoch is kept, and the calibration is learned on them. */
  readonly validation: LabelledRows;
  readonly settings: TrainingSettings;
  /** Called after each epoch of each member; members count from 0. */
  readonly onEpoch?: ((epoch: EpochReport, member: number) => void) | undefined;
  /** Stops the training between two batches or trees; `trainModel` then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface TrainedMember extends FittingRecord {
  readonly seed: number;
}

export interface TrainedModel {
  /** Takes normalised features. */
  readonly estimator: Estimator;
  /** What it answers. */
  readonly score: ScoreKind;
  readonly calibration: Calibration;
  readonly members: readonly TrainedMember[];
  readonly backend: { readonly name: string; readonly version: string };
  /** Probabilities of up by the training's own arithmetic, which the compiled predictor is held against. One per row. */
  readonly probabilities: { readonly training: Float64Array; readonly validation: Float64Array };
}

/**
 * Trains a model of any family: its members one after the other, each with a seed of its own, then the calibration.
 * The same request gives the same bytes on one backend and version; another backend rounds differently.
 *
 * Throws RangeError for settings or rows that are not valid, and when the loss is no longer a finite number.
 */
export async function trainModel(request: TrainingRequest): Promise<TrainedModel> {
  const { settings, backend } = request;
  checkSettings(settings);
  return settings.architecture === 'gradient-boosted-trees'
    ? trainFamily(TREES, settings, request)
    : trainFamily(networksOn(await backend()), settings, request);
}

/** The seeds of the members. The first is the seed itself, so that a model of one member is what it always was. */
export function memberSeeds(seed: number, members: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: members }, (_, member) => (member === 0 ? seed : random.bits()));
}

async function trainFamily<Settings extends TrainingSettings, Member>(family: Family<Settings, Member>, settings: Settings, request: TrainingRequest): Promise<TrainedModel> {
  const training = prepareRows('training', request.training, settings.target);
  const validation = prepareRows('validation', request.validation, settings.target);
  if (training.columns !== validation.columns) {
    throw new RangeError(`The training rows have ${training.columns} features but the validation rows ${validation.columns}.`);
  }
  const scale = settings.target === 'return' ? fitLabelScale(training) : undefined;
  const scaled = (rows: PreparedRows): PreparedRows => (scale ? scaleLabels(rows, scale) : rows);
  const rows = { training: scaled(training), validation: scaled(validation), zero: scale ? -scale.mean / scale.deviation : 0 };

  const seeds = memberSeeds(settings.seed, settings.members);
  const fitted = [];
  for (const [at, seed] of seeds.entries()) {
    fitted.push(await family.fit({ ...rows, settings: { ...settings, seed }, onEpoch: (epoch) => request.onEpoch?.(epoch, at), signal: request.signal }));
  }
  const answers = { training: averageOf(fitted.map(({ scores }) => scores), 'training', scale), validation: averageOf(fitted.map(({ scores }) => scores), 'validation', scale) };
  const { score, calibration } = fitProbability(answers.validation, request.validation.y, { kind: scale ? 'return' : 'log-odds', method: settings.calibration });
  const probabilityOf = compileCalibration(calibration, score);
  return {
    estimator: family.assemble(fitted.map(({ member }) => (scale ? family.unscale(member, scale) : member))),
    score,
    calibration,
    members: fitted.map(({ history, bestEpoch, stoppedEarly }, at) => ({ seed: seeds[at]!, history, bestEpoch, stoppedEarly })),
    backend: family.backend,
    probabilities: { training: answers.training.map(probabilityOf), validation: answers.validation.map(probabilityOf) },
  };
}

/** What the members answer together: the mean of their scores, as a return where returns were scaled. */
function averageOf(members: readonly Scores[], part: keyof Scores, scale: LabelScale | undefined): Float64Array {
  return Float64Array.from({ length: members[0]![part].length }, (_, row) => {
    const mean = members.reduce((sum, scores) => sum + scores[part][row]!, 0) / members.length;
    return scale ? mean * scale.deviation + scale.mean : mean;
  });
}
