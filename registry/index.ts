export { findEarlierJudgements, formatJudgements, parseJudgements, type EarlierJudgements } from './earlier-judgements.ts';
export type { LedgerAction, LedgerEntry } from './entry.ts';
export { earlierVersions, isUnfinished, lastIntervention, ROLLED_OUT, ROLLOUT_FAILED, servedVersion, type AliasState } from './fold.ts';
export type { Decision, Grounds, Promotion, Rollback } from './promotion.ts';
export { finishRollout } from './finish-rollout.ts';
export { readModelFiles } from './model-files.ts';
export { openRegistry, type Registry } from './registry.ts';
export type { LedgerHead, LedgerVerification } from './verify-ledger.ts';
export type { ModelVersion, VersionContent } from './version.ts';
