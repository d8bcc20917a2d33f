import type { Bars } from '../../model/bars.ts';
import type { Finding, Limits, Rule } from './rule.ts';
import { RULES } from './rules.ts';
import { takeRows } from './take-rows.ts';

/** A rule and what it found; rows are counted in the bars that came in. */
export interface RuleOutcome {
  readonly rule: Rule;
  readonly findings: readonly Finding[];
}

/** A row that was set aside, and why. */
export interface QuarantinedRow {
  /** From 0, in the bars that came in. */
  readonly row: number;
  /** Identifier of the first rule that it broke. */
  readonly rule: string;
  readonly reason: string;
}

export interface Verdict {
  /** One per rule, in order. A rule that stops the data ends the list. */
  readonly outcomes: readonly RuleOutcome[];
  readonly clean: Bars;
  /** In the order of rows. */
  readonly quarantined: readonly QuarantinedRow[];
  /** Why the data is not fit for use, as sentences; empty when it is. */
  readonly stops: readonly string[];
}

/** Applies the rules one after the other. Every row that came in is either in `clean` or in `quarantined`, in none twice. */
export function applyRules(bars: Bars, limits: Limits, rules: readonly Rule[] = RULES): Verdict {
  const outcomes: RuleOutcome[] = [];
  const quarantined: QuarantinedRow[] = [];
  const stops: string[] = [];
  let rows = Array.from(bars.date, (_, row) => row);
  let remaining = bars;
  for (const rule of rules) {
    const findings = rule.check(remaining, limits).map(({ row, reason }) => ({ row: row === null ? null : rows[row]!, reason }));
    outcomes.push({ rule, findings });
    if (findings.length === 0) continue;
    if (rule.severity === 'stop') {
      stops.push(`${rule.id}: ${describeFinding(findings[0]!, bars)}${findings.length > 1 ? ` (and ${findings.length - 1} more)` : ''}`);
      break;
    }
    if (rule.severity === 'quarantine') {
      for (const { row, reason } of findings) quarantined.push({ row: row!, rule: rule.id, reason });
      const removed = new Set(findings.map(({ row }) => row));
      rows = rows.filter((row) => !removed.has(row));
      remaining = takeRows(bars, rows);
    }
  }
  const share = bars.date.length === 0 ? 0 : quarantined.length / bars.date.length;
  if (stops.length === 0 && share > limits.maximumQuarantinedShare) {
    stops.push(`${quarantined.length} of ${bars.date.length} rows would be set aside, ${percent(share)}; at most ${percent(limits.maximumQuarantinedShare)} may be`);
  }
  return { outcomes, clean: remaining, quarantined: quarantined.sort((a, b) => a.row - b.row), stops };
}

/** `row 17 (2001-02-05) has no close` or `the data has no rows`. Rows count from 0. */
export function describeFinding({ row, reason }: Finding, bars: Bars): string {
  return row === null ? `the data ${reason}` : `row ${row} (${bars.date[row]}) ${reason}`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
