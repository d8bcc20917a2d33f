import { listed } from '../../dsl/util/index.ts';
import { ACCURACY_CHECK } from './compare-accuracy.ts';
import type { GateCheck, GateDecision, GatePower } from './decision.ts';
import type { FirstModelPolicy } from './evidence.ts';
import { isNeeded } from './questions.ts';
import { roundPercent } from './wording.ts';

/** The decision in one plain sentence: what happens, why, with the figures, and what would change it. */
export function reasonOf(
  decision: GateDecision['decision'],
  checks: readonly GateCheck[],
  power: GatePower,
  firstModel: FirstModelPolicy | undefined,
): string {
  const meanwhile = firstModel !== undefined ? 'nothing is served' : 'the model in production stays';
  switch (decision) {
    case 'promote': {
      const shown = checks.filter((check) => check.kind === 'non-inferior').map((check) => check.detail);
      return `Promoted${firstModel ? ' as the first model' : ''} on ${power.days} unseen days: ${listed(shown)}; ${standing(checks, firstModel)}.`;
    }
    case 'keep': {
      // A worse log-loss fails two checks with the same figures; a person hears them once.
      const failed = new Set(checks.filter((check) => check.passed === false).map((check) => check.detail));
      return `Not promoted, and ${meanwhile}: ${listed([...failed])}.`;
    }
    case 'inconclusive': {
      const open = checks.filter((check) => isNeeded(check) && check.passed === 'unknown');
      const demanded = open.some((check) => check.demanded === true) ? ', and a first model must be shown to be better' : '';
      return `Undecided after ${power.days} judged days, and ${meanwhile}: ${listed(open.map((check) => check.detail))}${demanded}${whatWouldDecide(power)}.`;
    }
  }
}

function whatWouldDecide({ moreDays, detectableDifference, power }: GatePower): string {
  if (moreDays === null) return '';
  if (detectableDifference === null) return `; days still to wait: ${moreDays}`;
  return `; about ${moreDays} more days would decide with ${roundPercent(power)} power, if what was seen is the truth`;
}

/** Whether the model beats what it was compared with, said plainly: most models do not beat the baselines. */
function standing(checks: readonly GateCheck[], firstModel: FirstModelPolicy | undefined): string {
  const beats = (check: GateCheck): boolean => check.kind === 'superior' && check.passed === true;
  const beaten = checks.filter((check) => check.against === 'baseline' && beats(check));
  const accuracy = checks.find((check) => check.name === ACCURACY_CHECK)!;
  const production = checks.some((check) => check.against === 'production' && beats(check));
  const baselines =
    beaten.length > 0 ? `it shows ${listed(beaten.map((check) => check.name))}` : `it does not measurably beat the baselines${firstModel === 'non-inferior' ? ', which the policy does not ask of a first model' : ''}`;
  return `${production ? 'it measurably beats the model in production, and ' : ''}${baselines}: ${accuracy.detail}`;
}
