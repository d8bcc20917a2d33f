export type { LedgerAction, LedgerEntry } from './entry.ts';
export { earlierVersions, lastIntervention, ROLLOUT_FAILED, type AliasState } from './fold.ts';
export type { Decision, Grounds, Promotion, Rollback } from './promotion.ts';
export { openRegistry, type Registry } from './registry.ts';
export type { LedgerHead, LedgerVerification } from './verify-ledger.ts';
export type { ModelVersion, VersionContent } from './version.ts';
