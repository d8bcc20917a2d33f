import type { Digest } from '../../dsl/util/index.ts';
import { describeFinding, textsOf, type Measure, type RulesDocument, type RuleSettings, type Severity, type Table, type Verdict } from '../../model/quality/index.ts';
import type { ColumnSummary } from './summarise.ts';

/** The document in the output `findings`; docs/guides/validation.md describes it. Members are added, never changed. */
export interface ValidationDocument {
  readonly format: 'pipewright/validation/1';
  readonly fit: boolean;
  /** Why the data is not fit for use, as sentences. */
  readonly stops: readonly string[];
  readonly rows: { readonly given: number; readonly clean: number; readonly quarantined: number };
  readonly firstDay: string | null;
  readonly lastDay: string | null;
  readonly warnings: number;
  readonly asOf: string | null;
  /** Of the dataset in the output `clean`: what comes after knows by it whether it has the data that was checked. */
  readonly cleanDigest: Digest;
  readonly rulesDigest: Digest;
  readonly rules: readonly {
    readonly id: string;
    readonly check: string;
    readonly severity: Severity;
    readonly demand: string;
    readonly status: 'passed' | 'broken' | 'skipped';
    readonly skipped: string | null;
    readonly settings: RuleSettings;
    readonly count: number;
    readonly findings: readonly { readonly row: number | null; readonly day: string | null; readonly reason: string }[];
    readonly measures: readonly Measure[];
  }[];
  readonly columns: readonly ColumnSummary[];
}

export function documentOf(table: Table, verdict: Verdict, rules: RulesDocument, more: { readonly cleanDigest: Digest; readonly rulesDigest: Digest; readonly asOf: string | undefined; readonly columns: readonly ColumnSummary[] }): ValidationDocument {
  const given = textsOf(table, 'date') ?? [];
  const clean = textsOf(verdict.clean, 'date') ?? [];
  return {
    format: 'pipewright/validation/1',
    fit: verdict.stops.length === 0,
    stops: verdict.stops,
    rows: { given: table.rows, clean: verdict.clean.rows, quarantined: verdict.quarantined.length },
    firstDay: clean[0] ?? null,
    lastDay: clean.at(-1) ?? null,
    warnings: countWarnings(verdict),
    asOf: more.asOf ?? null,
    cleanDigest: more.cleanDigest,
    rulesDigest: more.rulesDigest,
    rules: verdict.outcomes.map(({ rule, demand, findings, skipped, measures }) => ({
      id: rule.id,
      check: rule.check,
      severity: rule.severity,
      demand,
      status: skipped !== undefined ? 'skipped' : findings.length > 0 ? 'broken' : 'passed',
      skipped: skipped ?? null,
      settings: rules.rules.find(({ id }) => id === rule.id)!,
      count: findings.length,
      findings: findings.map(({ row, reason }) => ({ row, day: row === null ? null : (given[row] ?? null), reason })),
      measures,
    })),
    columns: more.columns,
  };
}

export function countWarnings({ outcomes }: Verdict): number {
  return outcomes.reduce((sum, { rule, findings }) => sum + (rule.severity === 'warn' ? findings.length : 0), 0);
}

/** Warnings as sentences, in the order of the rules. */
export function warningsOf(table: Table, { outcomes }: Verdict): readonly string[] {
  return outcomes.flatMap(({ rule, findings }) => (rule.severity === 'warn' ? findings.map((finding) => describeFinding(finding, table)) : []));
}

/** `5,105 rows from 2000-01-03 to 2020-04-17: 5,105 go on, 0 are set aside, 0 warnings.` */
export function summariseVerdict(table: Table, verdict: Verdict): string {
  const dates = textsOf(verdict.clean, 'date') ?? [];
  const range = dates.length === 0 ? '' : ` from ${dates[0]} to ${dates.at(-1)}`;
  return `${formatCount(table.rows)} rows${range}: ${formatCount(verdict.clean.rows)} go on, ${formatCount(verdict.quarantined.length)} are set aside, ${formatCount(countWarnings(verdict))} warnings.`;
}

/** With commas between thousands, on every machine the same. */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 });
}
