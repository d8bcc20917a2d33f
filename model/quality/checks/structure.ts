import { BAR_COLUMNS } from '../../bars.ts';
import { aboutAll, COUNT, NAMES, NOTHING, percent, SHARE, type Check, type Found } from '../check.ts';
import { demandNumbers, type Column, type Table } from '../table.ts';

export const COLUMN_TYPES = ['date', 'string', 'float64', 'int32', 'boolean'] as const;
export type ColumnTypeName = (typeof COLUMN_TYPES)[number];

/** Where a row stands in its source: no part of the data, which another source of the same rows may lack. */
export const LINE = 'line';

/** Which columns there are and of which type. A date is a text in the file; that it is a day is the check `day`'s matter. */
export const columns: Check<{ readonly columns: Readonly<Record<string, ColumnTypeName>>; readonly others: 'allow' | 'refuse' }> = {
  severities: ['stop', 'warn'],
  prerequisite: true,
  settings: {
    columns: { type: 'object', minProperties: 1, additionalProperties: { enum: COLUMN_TYPES } },
    others: { enum: ['allow', 'refuse'], default: 'allow' },
  },
  demand: ({ columns: declared, others }) =>
    `There are the columns ${Object.entries(declared).map(([name, type]) => `${name} (${type})`).join(', ')}${others === 'refuse' ? ' and no others' : ''}.`,
  find: (table, { columns: declared, others }) => {
    const reasons: string[] = [];
    for (const [name, type] of Object.entries(declared)) {
      const found = Object.hasOwn(table.columns, name) ? table.columns[name]! : undefined;
      if (found === undefined) reasons.push(`has no column "${name}" (${type})`);
      else if (!isOfType(found, type)) reasons.push(`has the column "${name}" as ${found.type}, where ${type} is declared`);
    }
    if (others === 'refuse') {
      for (const [name, { type }] of Object.entries(table.columns)) if (name !== LINE && !Object.hasOwn(declared, name)) reasons.push(`has the column "${name}" (${type}), which is not declared`);
    }
    return aboutAll(...reasons);
  },
};

export const rows: Check<{ readonly minimum: number }> = {
  severities: ['stop', 'warn'],
  prerequisite: true,
  settings: { minimum: { ...COUNT, default: 1 } },
  demand: ({ minimum }) => (minimum === 1 ? 'There is at least one row.' : `There are at least ${minimum} rows.`),
  find: (table, { minimum }) => {
    if (table.rows >= minimum) return NOTHING;
    return aboutAll(table.rows === 0 ? 'has no rows' : `has ${table.rows} rows, at least ${minimum} are wanted`);
  },
};

/** Against the previous data: a source that suddenly gives half as much is broken, whatever its rows look like. */
export const rowCount: Check<{ readonly minimumRatio: number; readonly maximumRatio: number }> = {
  severities: ['stop', 'warn'],
  settings: {
    minimumRatio: { type: 'number', minimum: 0, default: 0.95 },
    maximumRatio: { type: 'number', minimum: 1, default: 2 },
  },
  demand: ({ minimumRatio, maximumRatio }) => `There are ${minimumRatio} to ${maximumRatio} times as many rows as in the previous data.`,
  find: (table, { minimumRatio, maximumRatio }, { previous }) => {
    if (previous === undefined || previous.rows === 0) return { findings: [], skipped: 'no previous data was given' };
    const ratio = table.rows / previous.rows;
    if (ratio >= minimumRatio && ratio <= maximumRatio) return NOTHING;
    return aboutAll(`has ${table.rows} rows, ${Number(ratio.toPrecision(3))} times the ${previous.rows} of the previous data`);
  },
};

interface ShareSettings {
  readonly columns: readonly string[];
  readonly maximumShare: number;
}

/** `ignoreLast` rows at the end may lack the value: a label that looks ahead is not known there yet. */
export const nullShare: Check<ShareSettings & { readonly ignoreLast: number }> = {
  severities: ['stop', 'warn'],
  settings: { columns: { ...NAMES, default: BAR_COLUMNS }, maximumShare: SHARE, ignoreLast: { ...COUNT, default: 0 } },
  demand: ({ columns: names, maximumShare, ignoreLast }) =>
    `At most ${percent(maximumShare)} of ${names.join(', ')} are missing${ignoreLast > 0 ? `, the last ${ignoreLast} rows aside` : ''}.`,
  find: (table, settings) =>
    shareOf(table, settings, Math.max(0, table.rows - settings.ignoreLast), 'missing', Number.isNaN, (count, rows, column) => `lacks ${count} of ${rows} values of ${column}`),
};

/** A volume of 0 is a day without trade; many of them are a source that has none to give. */
export const zeroShare: Check<ShareSettings> = {
  severities: ['warn', 'stop'],
  settings: { columns: { ...NAMES, default: ['volume'] }, maximumShare: SHARE },
  demand: ({ columns: names, maximumShare }) => `At most ${percent(maximumShare)} of ${names.join(', ')} are 0.`,
  find: (table, settings) => shareOf(table, settings, table.rows, 'zeros', (value) => value === 0, (count, rows, column) => `has ${count} zeros in ${rows} values of ${column}`),
};

/** Counts values of a kind in the first rows of each column. */
function shareOf(table: Table, { columns: names, maximumShare }: ShareSettings, rows: number, kind: string, isCounted: (value: number) => boolean, say: (count: number, rows: number, column: string) => string): Found {
  if (rows === 0) return NOTHING;
  const counts = names.map((column) => ({ column, count: demandNumbers(table, column).subarray(0, rows).filter(isCounted).length }));
  const broken = counts.filter(({ count }) => count / rows > maximumShare);
  return {
    ...aboutAll(...broken.map(({ column, count }) => `${say(count, rows, column)}, ${percent(count / rows)}`)),
    measures: counts.map(({ column, count }) => ({ column, rows, [kind]: count })),
  };
}

function isOfType({ type }: Column, wanted: ColumnTypeName): boolean {
  const plain = (name: string): string => (name === 'date' ? 'string' : name);
  return plain(type) === plain(wanted);
}
