import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyRules, CHECK_NAMES, checkOf, defaultRules, tableOf } from '../../../model/quality/index.ts';
import { parseRules } from '../../../steps/validate/read-rules.ts';
import { sp500 } from '../sample-bars.ts';

const read = (name: string): string => readFileSync(new URL(`../../../docs/guides/${name}.md`, import.meta.url), 'utf8');

/** The cells of the table rows that begin with a name in backquotes. */
function rowsOf(text: string, columns: number): string[][] {
  const lines = text.split('\n').filter((line) => /^\| `[a-z-]+` \|/.test(line));
  return lines.map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim())).filter((cells) => cells.length === columns);
}

describe('the guide to validation', () => {
  const table = rowsOf(read('validation'), 4).map(([name, severities, settings]) => ({ name: name!.replaceAll('`', ''), severities: severities!.split(', '), settings: settings! }));

  it('lists every check with its severities, the usual one first', () => {
    expect(table.map(({ name }) => name).sort()).toEqual([...CHECK_NAMES].sort());
    expect(table.map(({ name, severities }) => [name, severities])).toEqual(table.map(({ name }) => [name, checkOf(name as never).severities]));
  });

  it('lists every setting, with its default where it is short', () => {
    for (const { name, settings } of table) {
      const declared = checkOf(name as never).settings as Readonly<Record<string, { readonly default?: unknown }>>;
      const text = name === 'drift' ? read('validation') : settings;
      for (const [setting, schema] of Object.entries(declared)) {
        if (['features', 'seed'].includes(setting)) continue;
        const fallback = typeof schema.default === 'object' || schema.default === undefined ? '' : ` (${String(schema.default)})`;
        expect(text.replaceAll('`', ''), name).toContain(`${setting}${fallback}`);
      }
    }
  });
});

describe('the rules document in the guide', () => {
  it('lets the packaged data through, with the columns that ingest adds', () => {
    const document = parseRules(/```yaml\n(format: pipewright\/rules\/1\n[\s\S]*?)```/.exec(read('validation'))![1]!);
    const bars = tableOf(sp500());
    const symbol = { type: 'string', values: new Array<string>(bars.rows).fill('^GSPC') } as const;
    const { stops, quarantined } = applyRules({ ...bars, columns: { ...bars.columns, symbol } }, document, { asOf: `${sp500().date.at(-1)}T23:00:00Z` });
    expect({ stops, quarantined }).toEqual({ stops: [], quarantined: [] });
  });
});

describe('the guide to the steps', () => {
  it('lists the built-in rules in their order', () => {
    const names = { stop: 'stop', quarantine: 'set aside', warn: 'warn' } as const;
    const rows = rowsOf(read('steps'), 3).filter(([, severity]) => Object.values(names).includes(severity as never));
    expect(rows.map(([id, severity]) => [id!.replaceAll('`', ''), severity])).toEqual(defaultRules().rules.map(({ id, severity }) => [id, names[severity]]));
  });
});
