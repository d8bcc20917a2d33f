import type { Calendar } from './calendar/calendar.ts';
import type { Table } from './table.ts';

/**
 * What a broken rule leads to. `stop`: the data is not fit for use. `quarantine`: these rows are set aside, the others go
 * on. `warn`: it is written down.
 */
export const SEVERITIES = ['stop', 'quarantine', 'warn'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One thing that a rule found. */
export interface Finding {
  /** The row it is about, counted from 0 in the table that the rule was given; null when it is about the whole. */
  readonly row: number | null;
  /** What is wrong with the actual values, completing the sentence "the row …" or "the data …". */
  readonly reason: string;
}

/** What the table is compared with, beyond itself. */
export interface Surroundings {
  readonly calendar: Calendar;
  /** The day or instant at which freshness is judged; never the clock of the machine. */
  readonly asOf?: string;
  /** The data as it was before, to find history that was rewritten. */
  readonly previous?: Table;
  /** Data that counts as usual, to find drift. */
  readonly reference?: Table;
}

/** A line of figures that a rule computed, for the report. */
export type Measure = Readonly<Record<string, string | number | null>>;

export interface Found {
  readonly findings: readonly Finding[];
  /** Why the rule could not be held against the data at all. */
  readonly skipped?: string;
  readonly measures?: readonly Measure[];
}

/** JSON Schema of one setting, with its default where it may be left out. */
export type SettingSchema = Readonly<Record<string, unknown>>;

/** One way to look at data; a rule is a check with settings and a severity. */
export interface Check<S> {
  readonly severities: readonly Severity[];
  /** One schema per setting; a setting without a `default` must be given. */
  readonly settings: { readonly [K in keyof S]: SettingSchema };
  /** When it stops the data, nothing after it makes sense. */
  readonly prerequisite?: true;
  /** It looks at each row alone, so rows that were set aside for another reason can be held against it as well. */
  readonly perRow?: true;
  /** What is demanded, as a sentence. */
  readonly demand: (settings: S, calendar: Calendar) => string;
  /** Throws RangeError when the data lacks a column that the settings name. */
  readonly find: (table: Table, settings: S, surroundings: Surroundings) => Found;
}

/** Findings of a check that asks a question of every row. */
export function eachRow(rows: number, describe: (row: number) => string | undefined): Found {
  const findings: Finding[] = [];
  for (let row = 0; row < rows; row++) {
    const reason = describe(row);
    if (reason !== undefined) findings.push({ row, reason });
  }
  return { findings };
}

export const NOTHING: Found = { findings: [] };

/** At least one of what was found is about the whole. */
export function aboutAll(...reasons: readonly string[]): Found {
  return { findings: reasons.map((reason) => ({ row: null, reason })) };
}

/** `2.5 %`, up to three digits. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

/** `+2.5 %`, `−30.3 %`. */
export function signedPercent(change: number): string {
  return `${change > 0 ? '+' : '−'}${Math.abs(100 * change).toFixed(1)} %`;
}

export const SHARE = { type: 'number', minimum: 0, maximum: 1 } as const;
export const COUNT = { type: 'integer', minimum: 0 } as const;
export const NAMES = { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, uniqueItems: true } as const;
