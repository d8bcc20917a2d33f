import { BAR_COLUMNS } from '../../bars.ts';
import { eachRow, NAMES, type Check } from '../check.ts';
import { demandNumbers, demandTexts } from '../table.ts';

const PRICES = ['open', 'high', 'low', 'close'] as const;

export const complete: Check<{ readonly columns: readonly string[] }> = {
  severities: ['quarantine', 'stop', 'warn'],
  perRow: true,
  settings: { columns: { ...NAMES, default: BAR_COLUMNS } },
  demand: ({ columns }) => `${capital(columns)} are there.`,
  find: (table, { columns }) => {
    const values = columns.map((name) => demandNumbers(table, name));
    return eachRow(table.rows, (row) => {
      const missing = columns.filter((_, at) => Number.isNaN(values[at]![row]));
      return missing.length === 0 ? undefined : `has no ${missing.join(', no ')}`;
    });
  },
};

export interface Range {
  readonly minimum?: number;
  readonly maximum?: number;
  /** Excluding the value itself. */
  readonly above?: number;
  readonly below?: number;
}

/** A number that is missing is not out of range: that is the check `complete`'s matter. */
export const range: Check<{ readonly columns: Readonly<Record<string, Range>> }> = {
  severities: ['quarantine', 'stop', 'warn'],
  perRow: true,
  settings: {
    columns: {
      type: 'object',
      minProperties: 1,
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: { minimum: { type: 'number' }, maximum: { type: 'number' }, above: { type: 'number' }, below: { type: 'number' } },
      },
    },
  },
  demand: ({ columns }) => `${sentenceOf(columns)}; all are finite.`,
  find: (table, { columns }) => {
    const limits = Object.entries(columns).map(([name, limit]) => ({ name, limit, values: demandNumbers(table, name) }));
    return eachRow(table.rows, (row) => {
      const broken = limits.filter(({ limit, values }) => !isWithin(values[row]!, limit));
      return broken.length === 0 ? undefined : `has the ${broken.map(({ name, values }) => `${name} ${values[row]}`).join(', the ')}`;
    });
  },
};

export interface TextLimit {
  readonly oneOf?: readonly string[];
  /** A regular expression that the whole text must match. */
  readonly pattern?: string;
}

export const text: Check<{ readonly columns: Readonly<Record<string, TextLimit>> }> = {
  severities: ['quarantine', 'stop', 'warn'],
  perRow: true,
  settings: {
    columns: {
      type: 'object',
      minProperties: 1,
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        minProperties: 1,
        properties: { oneOf: { type: 'array', items: { type: 'string' }, minItems: 1 }, pattern: { type: 'string' } },
      },
    },
  },
  demand: ({ columns }) =>
    `${Object.entries(columns).map(([name, { oneOf, pattern }]) => `${name} ${[oneOf && `is one of ${oneOf.join(', ')}`, pattern && `looks like ${pattern}`].filter(Boolean).join(' and ')}`).join('; ')}.`,
  find: (table, { columns }) => {
    const limits = Object.entries(columns).map(([name, { oneOf, pattern }]) => ({
      name,
      values: demandTexts(table, name),
      allowed: oneOf && new Set(oneOf),
      expression: pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, 'u'),
    }));
    return eachRow(table.rows, (row) => {
      const broken = limits.filter(({ values, allowed, expression }) => allowed?.has(values[row]!) === false || expression?.test(values[row]!) === false);
      return broken.length === 0 ? undefined : `has the ${broken.map(({ name, values }) => `${name} ${JSON.stringify(values[row])}`).join(', the ')}`;
    });
  },
};

/** `tolerance` is a share of the price: adjusted prices are rounded. */
export const priceOrder: Check<{ readonly tolerance: number }> = {
  severities: ['quarantine', 'stop', 'warn'],
  perRow: true,
  settings: { tolerance: { type: 'number', minimum: 0, maximum: 0.1, default: 0 } },
  demand: ({ tolerance }) => `The low is at most, and the high at least, every other price of the day${tolerance > 0 ? `, give or take ${tolerance} of it` : ''}.`,
  find: (table, { tolerance }) => {
    const columns = PRICES.map((name) => demandNumbers(table, name));
    return eachRow(table.rows, (row) => {
      const prices = columns.map((values) => values[row]!);
      if (prices.some(Number.isNaN)) return undefined;
      const isSound = prices[2]! <= Math.min(...prices) * (1 + tolerance) && prices[1]! >= Math.max(...prices) * (1 - tolerance);
      return isSound ? undefined : `has the open ${prices[0]}, high ${prices[1]}, low ${prices[2]} and close ${prices[3]}`;
    });
  },
};

function isWithin(value: number, { minimum, maximum, above, below }: Range): boolean {
  if (Number.isNaN(value)) return true;
  return (
    Number.isFinite(value) &&
    (minimum === undefined || value >= minimum) &&
    (maximum === undefined || value <= maximum) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below)
  );
}

/** `open, high and low are above 0; volume is at least 0`: columns with the same limits are named together. */
function sentenceOf(columns: Readonly<Record<string, Range>>): string {
  const byLimit = new Map<string, string[]>();
  for (const [name, { minimum, maximum, above, below }] of Object.entries(columns)) {
    const parts = [
      above !== undefined && `above ${above}`,
      minimum !== undefined && `at least ${minimum}`,
      below !== undefined && `below ${below}`,
      maximum !== undefined && `at most ${maximum}`,
    ].filter((part) => part !== false);
    const words = parts.length === 0 ? 'any' : parts.join(' and ');
    byLimit.set(words, [...(byLimit.get(words) ?? []), name]);
  }
  return [...byLimit].map(([words, names]) => `${capital(names)}: ${words}`).join('; ');
}

function capital(names: readonly string[]): string {
  const joined = names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return joined.charAt(0).toUpperCase() + joined.slice(1);
}
