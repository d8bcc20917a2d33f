import type { Digest } from '../../dsl/util/index.ts';
import type { Figure } from '../metrics/index.ts';

/** A forecaster or a strategy with its figures. */
export interface CardFigures {
  readonly name: string;
  readonly figures: Readonly<Record<string, Figure>>;
}

/** What a card takes from a verdict: figures on days that no candidate had seen. */
export interface CardJudgement {
  readonly decision: string;
  readonly reason: string;
  /** The first and the last judged day, and how many. */
  readonly days: { readonly from: string; readonly to: string; readonly days: number };
  /** Candidates among which it was chosen. */
  readonly candidates: number;
  /** Share of up days before the judged ones. */
  readonly baseRate: number;
  readonly costBasisPoints: number;
  /** Digest of the model in production that it was compared with. */
  readonly champion: Digest | null;
  /** The model first, then what it is compared with. */
  readonly forecasts: readonly CardFigures[];
  readonly strategies: readonly CardFigures[];
  /** Of the forecast return itself; empty for a model of direction. */
  readonly returns: readonly CardFigures[];
}

interface Verdict extends Omit<CardJudgement, 'days' | 'candidates' | 'returns'> {
  /** Missing in verdicts of earlier releases. */
  readonly returns?: readonly CardFigures[];
  readonly format: string;
  readonly model: Digest;
  readonly judged: CardJudgement['days'];
  readonly candidates: readonly unknown[];
}

/** Throws RangeError for another format, and for a verdict about another model. */
export function readJudgement(json: unknown, model: Digest): CardJudgement {
  const verdict = json as Verdict | null;
  if (verdict?.format !== 'pipewright/verdict/1') throw new RangeError('This is no verdict that a model card can be made of.');
  if (verdict.model !== model) throw new RangeError(`The verdict is about the model ${verdict.model}; the card is of ${model}.`);
  const { decision, reason, judged, candidates, baseRate, costBasisPoints, champion } = verdict;
  const figuresOf = ({ name, figures }: CardFigures): CardFigures => ({ name, figures });
  return {
    decision,
    reason,
    days: judged,
    candidates: candidates.length,
    baseRate,
    costBasisPoints,
    champion,
    forecasts: verdict.forecasts.map(figuresOf),
    strategies: verdict.strategies.map(figuresOf),
    returns: (verdict.returns ?? []).map(figuresOf),
  };
}
