import type { GateCheck, GateDecision } from './decision.ts';
import type { OutsideCheck } from './evidence.ts';

/** What must be asked before a model goes into production, in this order. */
export type GateQuestion = 'data' | 'artefact' | 'comparison' | 'slices' | 'limits' | 'output' | 'trials';

export const GATE_QUESTIONS: Readonly<Record<GateQuestion, string>> = {
  data: 'The data passed validation',
  artefact: 'The model loads, its features are those of the server, and it answers golden rows as training did',
  comparison: 'On days that no model has seen it is no worse than the baselines and the model in production',
  slices: 'It collapses in no regime',
  limits: 'It keeps the limits of latency and size',
  output: 'Its output is neither broken nor constant nor of one class',
  trials: 'The tries are counted and the score is deflated',
};

/** Answers of this room by the name of the check; what comes from outside says itself what it answers. */
function questionOf({ name, kind, answers }: GateCheck): GateQuestion | undefined {
  if (answers !== undefined) return answers;
  if (OUTPUT_CHECKS.includes(name)) return 'output';
  if (name === SLICE_CHECK) return 'slices';
  if (name === TRIAL_CHECK) return 'trials';
  return kind === 'hard' && !FAIRNESS_CHECKS.includes(name) ? undefined : 'comparison';
}

export const SLICE_CHECK = 'no slice collapses';
export const TRIAL_CHECK = 'Sharpe ratio better than luck after all tries';
const OUTPUT_CHECKS: readonly string[] = ['valid output', 'varied output', 'two-class output'];
export const BOTH_DIRECTIONS = 'both directions happened';
const FAIRNESS_CHECKS: readonly string[] = ['unseen days', 'enough days', BOTH_DIRECTIONS];

export interface ReviewedQuestion {
  readonly question: GateQuestion;
  /** What a yes means, as a sentence without its full stop. */
  readonly claim: string;
  /** `open`: the data cannot tell. `not asked`: nobody looked. */
  readonly answer: 'yes' | 'no' | 'open' | 'not asked';
  /** Names of the checks that the answer rests on. */
  readonly checks: readonly string[];
}

/**
 * The decision as answers to the seven questions, for a report: so that nobody takes "promoted" for "everything was
 * looked at". Superiority counts where it is demanded; elsewhere only being measurably worse does.
 */
export function reviewOf({ checks, trials }: Pick<GateDecision, 'checks' | 'trials'>): readonly ReviewedQuestion[] {
  return (Object.keys(GATE_QUESTIONS) as GateQuestion[]).map((question) => {
    const own = checks.filter((check) => questionOf(check) === question);
    const answer = question === 'trials' && trials !== undefined ? 'yes' : answerOf(own, isComplete(question, own));
    return { question, claim: GATE_QUESTIONS[question], answer, checks: own.map(({ name }) => name) };
  });
}

/** Whether a promotion needs a yes to it. */
export function isNeeded({ kind, demanded }: GateCheck): boolean {
  return kind !== 'superior' || demanded === true;
}

/** Without a fair trial some checks are left out; what is there must not pass for an answer. */
function isComplete(question: GateQuestion, checks: readonly GateCheck[]): boolean {
  if (question === 'comparison') return checks.some(({ kind }) => kind === 'non-inferior');
  return question !== 'output' || OUTPUT_CHECKS.every((name) => checks.some((check) => check.name === name));
}

function answerOf(checks: readonly GateCheck[], complete: boolean): ReviewedQuestion['answer'] {
  if (checks.length === 0) return 'not asked';
  if (checks.some(({ passed }) => passed === false)) return 'no';
  return complete && checks.every((check) => !isNeeded(check) || check.passed === true) ? 'yes' : 'open';
}

/** An open check for every question that nobody answered. */
export function unansweredChecks(checks: readonly GateCheck[], trials: GateDecision['trials']): readonly OutsideCheck[] {
  const reviewed = reviewOf(trials === undefined ? { checks } : { checks, trials });
  return reviewed
    .filter(({ answer }) => answer === 'not asked')
    .map(({ question, claim }) => ({ name: `question ${question}`, passed: 'unknown', detail: `nobody has shown that ${lowered(claim)}`, answers: question }));
}

function lowered(sentence: string): string {
  return sentence[0]!.toLowerCase() + sentence.slice(1);
}
