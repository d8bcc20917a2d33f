import type { Bars } from '../../../model/bars.ts';

/** A day of a chart; null is what the service does not know. */
export interface ChartRow {
  readonly day: string;
  readonly open: number | null;
  readonly high: number | null;
  readonly low: number | null;
  readonly close: number | null;
  readonly volume: number | null;
  readonly adjclose?: number | null;
}

interface Chart {
  meta: Record<string, unknown>;
  timestamp?: number[];
  indicators: { quote: Record<string, (number | null)[]>[]; adjclose?: { adjclose: (number | null)[] }[] };
}

/** An answer as the chart API writes it, with the parts that its readers use; a session opens at `openHour` UTC. */
export function chartOf(rows: readonly ChartRow[], meta: Readonly<Record<string, unknown>> = {}, openHour = 14.5, change: (chart: Chart) => void = () => undefined): { readonly chart: { readonly result: readonly Chart[]; readonly error: null } } {
  const column = (name: keyof ChartRow): (number | null)[] => rows.map((row) => (row[name] ?? null) as number | null);
  const chart: Chart = {
    meta: {
      currency: 'USD', symbol: '^GSPC', exchangeName: 'SNP', fullExchangeName: 'SNP', instrumentType: 'INDEX', gmtoffset: -18000, timezone: 'EST',
      exchangeTimezoneName: 'America/New_York', priceHint: 2, dataGranularity: '1d', range: '', ...meta,
    },
    ...(rows.length === 0 ? {} : { timestamp: rows.map(({ day }) => (Date.parse(day) + openHour * 3_600_000) / 1000) }),
    indicators: {
      quote: [rows.length === 0 ? {} : Object.fromEntries((['open', 'high', 'low', 'close', 'volume'] as const).map((name) => [name, column(name)]))],
      adjclose: [{ adjclose: column('adjclose') }],
    },
  };
  change(chart);
  return { chart: { result: [chart], error: null } };
}

/** The rows of bars from `from` on. */
export function rowsOf(bars: Bars, from = ''): ChartRow[] {
  const shown = (value: number): number | null => (Number.isNaN(value) ? null : value);
  return bars.date.flatMap((day, row) =>
    day < from ? [] : [{ day, open: shown(bars.open[row]!), high: shown(bars.high[row]!), low: shown(bars.low[row]!), close: shown(bars.close[row]!), volume: shown(bars.volume[row]!), adjclose: shown(bars.close[row]!) }]);
}
