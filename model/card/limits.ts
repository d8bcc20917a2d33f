import type { ModelDocument } from '../document/index.ts';
import type { CardJudgement } from './judgement.ts';

/** What the model cannot do and what its figures do not say, each a sentence. Derived from how it was made; none is a formality. */
export function limitsOf(document: ModelDocument, judgement: CardJudgement | null): string[] {
  const { horizonDays, score, calibration, training } = document;
  const { settings, splits } = training;
  const until = splits['seen']?.to ?? splits['validation']?.to;
  const jobs = ['decided when to stop', ...(calibration.method === 'none' ? [] : ['taught the calibration']), ...(score.kind === 'return' ? ['measured the errors that make a probability of a return'] : []), 'chose among the candidates'];
  return [
    ...(until === undefined ? [] : [`It knows nothing after ${until}: a market that has changed since is not in it.`]),
    `The validation days had ${jobs.length} jobs: they ${listed(jobs)}. Figures on them flatter; only the unseen days judge.`,
    ...judgedLimits(judgement),
    'Next-day directions of an index are close to chance: credible accuracies are from 50 to 55 %, and more than 56 % held for long is a reason to look for a leak first.',
    ...(horizonDays > 1 ? [`Labels over ${horizonDays} days overlap, so that ${horizonDays} days say little more than one.`] : []),
    ...(score.kind === 'return' ? ['The probability takes the errors of the forecast return for normal, and as large on calm days as on wild ones. Returns have fatter tails and changing volatility.'] : []),
    ...(settings.architecture === 'gradient-boosted-trees' ? ['Trees answer beyond the features that they have seen as at the edge of them: they do not extrapolate.'] : []),
    ...(settings.classWeighting === 'balanced' ? ['Both directions were weighed alike in training, so without calibration its probabilities lie around ½ and not around the share of up days.'] : []),
    'Prices are taken as they are told today. Costs are a constant share of what is traded; taxes, the spread in a crisis and the effect of own orders are in no figure.',
  ];
}

function judgedLimits(judgement: CardJudgement | null): string[] {
  if (judgement === null) return ['It was not judged on unseen days: this card has no figure that says how good it is.'];
  const { days, candidates } = judgement;
  return [
    `It was judged on ${days.days} days from ${days.from} to ${days.to}; on so many days the half-width of an accuracy's 95 % interval is some ${(98 / Math.sqrt(days.days)).toFixed(1)} points.`,
    ...(candidates > 1 ? [`It is the best of ${candidates} candidates by validation; who looks again at the same unseen days and chooses by them, spoils them.`] : []),
  ];
}

function listed(parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)!}`;
}
