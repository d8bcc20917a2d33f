import { describe, expect, it } from 'vitest';
import { sliceBars } from '../../../model/bars.ts';
import { applyRules, inferRules, tableOf, type RuleSettings, type Table } from '../../../model/quality/index.ts';
import { checkRules, parseRules } from '../../../steps/validate/read-rules.ts';
import { sp500 } from '../sample-bars.ts';

const SP500 = tableOf(sp500());
const DRAFT = inferRules(SP500);

function rule<K extends RuleSettings['check']>(table: Table, check: K): Extract<RuleSettings, { readonly check: K }> {
  return (table === SP500 ? DRAFT : inferRules(table)).rules.find((one) => one.check === check) as Extract<RuleSettings, { readonly check: K }>;
}

describe('inferRules', () => {
  it('drafts what can be written down and read again', () => {
    expect(checkRules(JSON.parse(JSON.stringify(DRAFT)))).toEqual(DRAFT);
    expect(parseRules(JSON.stringify(DRAFT, null, 2))).toEqual(DRAFT);
  });

  it('drafts rules that the data itself passes, and that later data like it passes', () => {
    const quiet = applyRules(SP500, DRAFT);
    expect(quiet.outcomes.filter(({ findings }) => findings.length > 0)).toEqual([]);
    const half = applyRules(SP500, inferRules(tableOf(sliceBars(sp500(), 0, 2600))));
    expect(half).toMatchObject({ stops: [], quarantined: [] });
  });

  it('demands nothing of a text that the source never fills', () => {
    const withSymbol = (text: string): Table => ({ ...SP500, columns: { ...SP500.columns, symbol: { type: 'string', values: new Array<string>(SP500.rows).fill(text) } } });
    const texts = (table: Table): unknown => (inferRules(table).rules.find(({ check }) => check === 'text') as { readonly columns: Readonly<Record<string, unknown>> } | undefined)?.columns['symbol'];
    expect([texts(withSymbol('')), texts(withSymbol('^GSPC'))]).toEqual([undefined, { oneOf: ['^GSPC'] }]);
  });

  it('does not let errors widen the limits', () => {
    const bars = sp500();
    const wrong = { ...bars, close: bars.close.slice() };
    wrong.close[2000] = 1e9;
    wrong.close[3000] = 1e-3;
    const draft = inferRules(tableOf(wrong));
    const [limits, sound] = [draft, DRAFT].map(({ rules }) => rules.find((one) => one.check === 'range')!.columns['close']!);
    // One row more or less at each end moves a quantile a little.
    expect(limits!.minimum! / sound!.minimum!).toBeCloseTo(1, 0.8);
    expect(limits!.maximum! / sound!.maximum!).toBeCloseTo(1, 0.8);
    expect(applyRules(tableOf(wrong), draft).quarantined.map(({ row }) => row)).toEqual([2000, 3000]);
  });

  it('states its ranges: quantiles widened by the margin, rounded outward', () => {
    const close = Float64Array.from(sp500().close).sort();
    const [low, high] = [close[Math.floor(0.001 * 5104)]!, close[Math.ceil(0.999 * 5104)]!];
    const { minimum, maximum } = rule(SP500, 'range').columns['close']!;
    expect(minimum! / (low / (high / low))).toBeGreaterThan(0.9);
    expect(minimum!).toBeLessThanOrEqual(low / (high / low));
    expect(maximum! / (high * (high / low))).toBeLessThan(1.1);
    expect(maximum!).toBeGreaterThanOrEqual(high * (high / low));
    const narrow = inferRules(SP500, { margin: 0 }).rules.find((one) => one.check === 'range') as Extract<RuleSettings, { readonly check: 'range' }>;
    expect(narrow.columns['close']!.minimum!).toBeGreaterThan(minimum!);
  });

  it('sees the calendar, and what is missing in the volume', () => {
    expect(DRAFT.calendar).toBe('XNYS');
    const days = (step: (at: number) => boolean): Table => {
      const all = Array.from({ length: 400 }, (_, at) => new Date(Date.UTC(2020, 0, 1 + at))).filter((day) => step(day.getUTCDay())).map((day) => day.toISOString().slice(0, 10));
      return tableOf({ ...sliceBars(sp500(), 0, all.length), date: all });
    };
    expect(inferRules(days(() => true)).calendar).toBe('every-day');
    expect(inferRules(days((weekday) => weekday % 6 !== 0)).calendar).toBe('weekdays');
    const zeros = tableOf({ ...sp500(), volume: sp500().volume.map((value, row) => (row % 10 === 0 ? 0 : value)) });
    expect(rule(zeros, 'range').columns['volume']!.minimum).toBe(0);
    expect(rule(SP500, 'range').columns['volume']!.minimum).toBeGreaterThan(0);
    expect([rule(zeros, 'zero-share').maximumShare, rule(SP500, 'zero-share').maximumShare]).toEqual([0.16, 0.01]);
    const holes = tableOf({ ...sp500(), volume: sp500().volume.map((value, row) => (row % 10 === 0 ? Number.NaN : value)) });
    expect(inferRules(holes).rules.filter(({ check }) => check === 'null-share').map((one) => [one.id, 'maximumShare' in one && one.maximumShare])).toEqual([
      ['null-share.open', 0.01], ['null-share.high', 0.01], ['null-share.low', 0.01], ['null-share.close', 0.01], ['null-share.volume', 0.16],
    ]);
  });

  it('freezes the schema: other columns are refused, few texts become a list', () => {
    const table: Table = { ...SP500, columns: { ...SP500.columns, symbol: { type: 'string', values: sp500().date.map(() => 'SPX') } } };
    expect(rule(table, 'columns')).toMatchObject({ others: 'refuse', columns: { date: 'date', close: 'float64', symbol: 'string' } });
    expect(rule(table, 'text')).toMatchObject({ columns: { symbol: { oneOf: ['SPX'] } } });
    expect(applyRules(table, DRAFT).stops).toEqual(['columns: the data has the column "symbol" (string), which is not declared']);
  });

  it('refuses data from which nothing can be learnt', () => {
    expect(() => inferRules(tableOf(sliceBars(sp500(), 0, 0)))).toThrow('Rules cannot be drafted from data without rows.');
    expect(() => inferRules(tableOf({ ...sliceBars(sp500(), 0, 2), date: ['2000-01-03', 'x'] }))).toThrow('row 1 has the date "x"');
  });
});
