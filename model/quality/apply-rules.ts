import { calendarOf } from './calendar/calendar.ts';
import { percent, type Finding, type Found, type Measure, type Surroundings } from './check.ts';
import { checkOf } from './checks/index.ts';
import type { RulesDocument, RuleSettings } from './document.ts';
import { takeTableRows, textsOf, type Table } from './table.ts';

/** A rule and what it found; rows are counted in the table that came in. */
export interface RuleOutcome {
  readonly rule: RuleSettings;
  /** What it demands, as a sentence. */
  readonly demand: string;
  readonly findings: readonly Finding[];
  /** Why it was not held against the data; undefined when it was. */
  readonly skipped: string | undefined;
  readonly measures: readonly Measure[];
}

/** A row that was set aside, and why. */
export interface QuarantinedRow {
  /** From 0, in the table that came in. */
  readonly row: number;
  /** The rule that set it aside, and what it said. */
  readonly rule: string;
  readonly reason: string;
  /** All rules that the row breaks: that one first, then those that look at rows alone. */
  readonly rules: readonly { readonly rule: string; readonly reason: string }[];
}

export interface Verdict {
  /** One per rule, in order. */
  readonly outcomes: readonly RuleOutcome[];
  readonly clean: Table;
  /** In the order of rows. */
  readonly quarantined: readonly QuarantinedRow[];
  /** Why the data is not fit for use, as sentences; empty when it is. */
  readonly stops: readonly string[];
}

export type Given = Omit<Surroundings, 'calendar'>;

/**
 * Applies the rules one after the other. Every row that came in is either in `clean` or in `quarantined`, in none twice.
 * Throws RangeError when a rule names a column that the data does not have.
 */
export function applyRules(table: Table, document: RulesDocument, given: Given = {}): Verdict {
  const surroundings: Surroundings = { ...given, calendar: calendarOf(document.calendar) };
  const outcomes: RuleOutcome[] = [];
  const setAside: Omit<QuarantinedRow, 'rules'>[] = [];
  const stops: string[] = [];
  let rows = Array.from({ length: table.rows }, (_, row) => row);
  let remaining = table;
  let stopper: string | undefined;
  for (const rule of document.rules) {
    const check = checkOf(rule.check);
    const demand = check.demand(rule, surroundings.calendar);
    if (stopper !== undefined) {
      outcomes.push({ rule, demand, findings: [], skipped: `the rule "${stopper}" had stopped the data`, measures: [] });
      continue;
    }
    const found = nameRule(rule.id, () => check.find(remaining, rule, surroundings));
    const findings = found.findings.map(({ row, reason }) => ({ row: row === null ? null : rows[row]!, reason }));
    outcomes.push({ rule, demand, findings, skipped: found.skipped, measures: found.measures ?? [] });
    if (findings.length === 0) continue;
    if (rule.severity === 'stop') {
      stops.push(`${rule.id}: ${describeFinding(findings[0]!, table)}${findings.length > 1 ? ` (and ${findings.length - 1} more)` : ''}`);
      if (check.prerequisite) stopper = rule.id;
    }
    if (rule.severity === 'quarantine') {
      for (const { row, reason } of findings) setAside.push({ row: row!, rule: rule.id, reason });
      const removed = new Set(findings.map(({ row }) => row));
      rows = rows.filter((row) => !removed.has(row));
      remaining = takeTableRows(table, rows);
    }
  }
  const share = table.rows === 0 ? 0 : setAside.length / table.rows;
  if (share > document.maximumQuarantinedShare) {
    stops.push(`${setAside.length} of ${table.rows} rows would be set aside, ${percent(share)}; at most ${percent(document.maximumQuarantinedShare)} may be`);
  }
  return { outcomes, clean: remaining, quarantined: withAllRules(table, document, surroundings, setAside), stops };
}

/** Data that lacks what a rule asks for is told with the rule's name. */
function nameRule(id: string, find: () => Found): Found {
  try {
    return find();
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`The rule "${id}" cannot be held against the data. ${error.message}`, { cause: error }) : error;
  }
}

/** `row 17 (2001-02-05) has no close` or `the data has no rows`. Rows count from 0. */
export function describeFinding({ row, reason }: Finding, table: Table): string {
  return row === null ? `the data ${reason}` : `row ${row} (${textsOf(table, 'date')?.[row] ?? 'no date'}) ${reason}`;
}

/** The first rule decides, but who mends the row wants to know all: rules that look at rows alone are asked about it, too. */
function withAllRules(table: Table, { rules }: RulesDocument, surroundings: Surroundings, setAside: readonly Omit<QuarantinedRow, 'rules'>[]): QuarantinedRow[] {
  const sorted = setAside.map((one) => ({ ...one, rules: [{ rule: one.rule, reason: one.reason }] })).sort((a, b) => a.row - b.row);
  if (sorted.length === 0) return sorted;
  const bad = takeTableRows(table, sorted.map(({ row }) => row));
  for (const rule of rules) {
    const check = checkOf(rule.check);
    if (rule.severity !== 'quarantine' || !check.perRow) continue;
    for (const { row, reason } of check.find(bad, rule, surroundings).findings) {
      const one = sorted[row!]!;
      if (one.rule !== rule.id) one.rules.push({ rule: rule.id, reason });
    }
  }
  return sorted;
}
