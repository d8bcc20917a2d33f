/** The gate: whether a model goes into production, why, and how sure that is. */
export { decide } from './decide.ts';
export type { GateCheck, GateDecision, GatePower, GateTrials } from './decision.ts';
export { defaultGateSettings, FIRST_MODEL_POLICIES, type FirstModelPolicy, type Forecasts, type GateEvidence, type GateSettings, type OutsideCheck, type Trials } from './evidence.ts';
export { neededDays } from './hard-checks.ts';
export { GATE_QUESTIONS, reviewOf, type GateQuestion, type ReviewedQuestion } from './questions.ts';
