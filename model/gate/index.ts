/** The gate: whether a model goes into production, why, and how sure that is. */
export { decide } from './decide.ts';
export type { GateCheck, GateDecision, GatePower } from './decision.ts';
export { defaultGateSettings, type Forecasts, type GateEvidence, type GateSettings, type OutsideCheck } from './evidence.ts';
