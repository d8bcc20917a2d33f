/** Quality of a dataset of daily bars: rules as data, the checks behind them, and a draft of rules from data. */
export { applyRules, describeFinding, type Given, type QuarantinedRow, type RuleOutcome, type Verdict } from './apply-rules.ts';
export { CALENDAR_NAMES, calendarOf, lastExpectedSession, sessionsBetween, type Calendar, type CalendarName } from './calendar/calendar.ts';
export { SEVERITIES, type Finding, type Measure, type Severity } from './check.ts';
export { CHECK_NAMES, CHECKS, checkOf, type CheckName, type SettingsOf } from './checks/index.ts';
export { mismatchesOf, type Mismatch } from './column-types.ts';
export { compareTables, statisticsOf, type CellChange, type ColumnStatistics, type TableComparison } from './compare-tables.ts';
export { driftSamples } from './checks/drift.ts';
export { DEFAULT_LIMITS, defaultRules, type DefaultLimits } from './default-rules.ts';
export { RULES_FORMAT, type RulesDocument, type RuleSettings } from './document.ts';
export { inferRules, type InferOptions } from './infer-rules.ts';
export { DOCUMENT_SCHEMA, ruleSchema } from './schema.ts';
export { barsOf, cellOf, numbersOf, tableOf, takeTableRows, textsOf, type Column, type Table } from './table.ts';
