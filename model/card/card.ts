import type { Digest, Json } from '../../dsl/util/index.ts';
import type { ModelDocument } from '../document/index.ts';
import type { Figure } from '../metrics/index.ts';
import { describeSettings } from '../training/settings.ts';
import { readJudgement, type CardJudgement } from './judgement.ts';
import { limitsOf } from './limits.ts';

export interface CardInputs {
  /** Of the model's files. */
  readonly digest: Digest;
  readonly document: ModelDocument;
  /** What evaluate wrote about this model, parsed; undefined for a model that was not judged. */
  readonly verdict?: unknown;
  /** Digest of each step's code, by step, in the run that made it; undefined where that run's record is not at hand. */
  readonly code?: Readonly<Record<string, string>> | undefined;
  /** Of the registry; undefined before it is registered. */
  readonly version?: number | undefined;
}

/**
 * What somebody must know before they use a model, after Mitchell et al., Model Cards for Model Reporting (2019): what it
 * is, what for, made of what, how good beside what, and what it cannot do. Plain JSON without times: the same model and
 * the same verdict give the same card.
 */
export interface ModelCard {
  readonly format: 'pipewright/model-card/1';
  readonly model: { readonly name: string; readonly digest: Digest; readonly version: number | null; readonly summary: string };
  readonly intendedUse: readonly string[];
  readonly target: { readonly kind: string; readonly horizonDays: number; readonly answer: string; readonly decisionThreshold: number };
  readonly data: { readonly digests: Readonly<Record<string, Digest>>; readonly splits: ModelDocument['training']['splits'] };
  readonly features: { readonly names: readonly string[]; readonly hash: Digest };
  readonly training: {
    readonly settings: Json;
    readonly backend: { readonly name: string; readonly version: string };
    /** Seeds, and what of each member was kept. */
    readonly members: ModelDocument['training']['members'];
    readonly calibration: string;
  };
  readonly code: Readonly<Record<string, string>> | null;
  /** On the rows that made or chose the model: no judgement. */
  readonly ownFigures: Json;
  readonly judgement: CardJudgement | null;
  readonly limits: readonly string[];
}

/** Throws RangeError for a verdict of another format or about another model. */
export function buildCard({ digest, document, verdict, code, version }: CardInputs): ModelCard {
  const { name, target, horizonDays, featureSet, training, decisionThreshold, calibration, data, figures } = document;
  const judgement = verdict === undefined ? null : readJudgement(verdict, digest);
  const days = horizonDays === 1 ? 'the next trading day' : `the next ${horizonDays} trading days`;
  return {
    format: 'pipewright/model-card/1',
    model: { name, digest, version: version ?? null, summary: `${describeSettings(training.settings)}; the probability that the close rises over ${days}.` },
    intendedUse: [
      `To forecast the direction of the close over ${days} from daily bars of the market that it was trained on, with the features below.`,
      'To be compared with simple baselines and with other models on days that none of them has seen.',
      'Not for other markets or intraday prices, and no advice to trade: see the limits.',
    ],
    target: { kind: target, horizonDays, answer: answerOf(document), decisionThreshold },
    data: { digests: data, splits: training.splits },
    features: { names: featureSet.names, hash: featureSet.hash },
    training: { settings: training.settings as unknown as Json, backend: training.backend, members: training.members, calibration: calibration.method },
    code: code ?? null,
    ownFigures: figures,
    judgement,
    limits: limitsOf(document, judgement),
  };
}

function answerOf({ score, calibration }: ModelDocument): string {
  const learned = calibration.method === 'none' ? '' : `, then the calibration by ${calibration.method === 'platt' ? 'Platt scaling' : 'isotonic regression'} that was learned on the validation days`;
  if (score.kind === 'log-odds') return `log-odds of up, as a probability by the logistic function${learned}`;
  return `the forecast return in units of ${score.residualScale.toPrecision(3)}, the deviation of its errors on the validation days, as a probability by the normal distribution${learned}`;
}

/** A figure in words: `0.531, 95 % from 0.497 to 0.565`. */
export function figureInWords(figure: Figure): string {
  if (figure.kind === 'undefined') return `none: ${figure.reason}`;
  const { value, interval } = figure;
  return interval === null ? short(value) : `${short(value)} (${short(interval.lower)} to ${short(interval.upper)})`;
}

function short(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.001) return value.toPrecision(2);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(4);
}
