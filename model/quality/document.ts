import type { CalendarName } from './calendar/calendar.ts';
import type { Severity } from './check.ts';
import type { CheckName, SettingsOf } from './checks/index.ts';

/** One rule: a check, what it leads to, and its settings beside it. */
export type RuleSettings = {
  [K in CheckName]: {
    /** Names the rule in reports and in the quarantine; unique in its document. */
    readonly id: string;
    readonly check: K;
    readonly severity: Severity;
    /** Why the rule is there, for those who read the document. */
    readonly note?: string;
  } & SettingsOf<K>;
}[CheckName];

/**
 * What is demanded of data, as data: a JSON or YAML file that a person edits and Git keeps. Rules are applied in their
 * order; each sees the rows that those before it left.
 */
export interface RulesDocument {
  readonly format: 'pipewright/rules/1';
  readonly calendar: CalendarName;
  /** Share of rows that may be set aside before the data counts as unfit, 0 to 1. */
  readonly maximumQuarantinedShare: number;
  readonly rules: readonly RuleSettings[];
}

export const RULES_FORMAT = 'pipewright/rules/1';
