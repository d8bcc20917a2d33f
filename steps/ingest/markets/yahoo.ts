import { checkAgainstSchema, type JsonSchema } from '../../../dsl/contract/index.ts';
import type { Json } from '../../../dsl/util/index.ts';
import { adjustBars } from '../bars.ts';
import { refused } from '../http/fault.ts';
import { closeOf } from '../listing.ts';
import { dayIn } from '../sessions.ts';
import { askJson, quote } from './ask-json.ts';
import { barsOfRows, finishBars } from './finish-bars.ts';
import type { MarketAnswer, MarketRequest } from './market.ts';
import { demandSameSymbol, demandSymbol } from './symbol.ts';

const SERVICE = 'Yahoo Finance';
const BASE_URL = 'https://query1.finance.yahoo.com';
/** Earlier than the first bar there is, 1927-12-30 of ^GSPC. Zero would stand for 1970. */
const BEGINNING = Date.UTC(1900, 0, 1);
const DAY_MS = 86_400_000;
const SHARES = new Set(['EQUITY', 'ETF', 'INDEX', 'MUTUALFUND']);

interface Chart {
  readonly meta: {
    readonly symbol: string;
    readonly currency?: string | null;
    readonly exchangeName?: string;
    readonly instrumentType?: string;
    readonly exchangeTimezoneName: string;
    readonly dataGranularity: string;
  };
  readonly timestamp?: readonly number[];
  readonly indicators: {
    readonly quote: readonly Readonly<Partial<Record<'open' | 'high' | 'low' | 'close' | 'volume', readonly (number | null)[]>>>[];
    readonly adjclose?: readonly { readonly adjclose?: readonly (number | null)[] }[];
  };
}

const NUMBERS = { type: 'array', items: { type: ['number', 'null'] } };
/** What is used of the answer. The service is not documented; the fields are those that its own pages read. */
const CHART: JsonSchema = {
  type: 'object',
  required: ['meta', 'indicators'],
  properties: {
    meta: {
      type: 'object',
      required: ['symbol', 'exchangeTimezoneName', 'dataGranularity'],
      properties: {
        symbol: { type: 'string' }, currency: { type: ['string', 'null'] }, exchangeName: { type: 'string' }, instrumentType: { type: 'string' },
        exchangeTimezoneName: { type: 'string' }, dataGranularity: { type: 'string' },
      },
    },
    timestamp: { type: 'array', items: { type: 'integer' } },
    indicators: {
      type: 'object',
      required: ['quote'],
      properties: {
        quote: { type: 'array', minItems: 1, items: { type: 'object', properties: { open: NUMBERS, high: NUMBERS, low: NUMBERS, close: NUMBERS, volume: NUMBERS } } },
        adjclose: { type: 'array', items: { type: 'object', properties: { adjclose: NUMBERS } } },
      },
    },
  },
};

/**
 * Daily bars from the chart API of Yahoo Finance. Its prices have splits worked in and dividends not; with `adjusted` the dividends too. PW502
 * for what it answers when it refuses; PW301 when it does not answer or has enough for now.
 */
export async function fetchYahoo(request: MarketRequest): Promise<MarketAnswer> {
  const { symbol, from, until, baseUrl = BASE_URL, limits } = request;
  demandSymbol(symbol, SERVICE);
  const url = new URL(`${baseUrl}/v8/finance/chart/${encodeURIComponent(symbol)}`);
  // A day more at both ends: the limits are instants, and the day of a bar is one of the exchange's zone.
  const period = { period1: from === '' ? BEGINNING : Date.parse(from) - DAY_MS, period2: (until === '' ? Date.now() : Date.parse(until)) + 2 * DAY_MS };
  for (const [name, at] of Object.entries(period)) url.searchParams.set(name, String(Math.floor(at / 1000)));
  url.searchParams.set('interval', '1d');
  url.searchParams.set('includeAdjustedClose', 'true');
  return askJson({ url, limits, read: (json, answeredAt) => readChart(json, answeredAt, request), refusal: (json) => readError(json, symbol) });
}

/** What an answer says about the bars. PW502 for an error in it, nothing in it, another symbol, or another form. */
export function readChart(json: unknown, answeredAt: number, { symbol, from, until, adjusted }: Pick<MarketRequest, 'symbol' | 'from' | 'until' | 'adjusted'>): MarketAnswer {
  const error = readError(json, symbol);
  if (error !== undefined) throw error;
  const result = (json as { readonly chart?: { readonly result?: readonly unknown[] | null } | null } | null)?.chart?.result;
  if (result === undefined) throw refused(`${SERVICE} answered in a form that is not known: it has no chart.result`, CHANGED);
  const chart = result?.[0];
  if (chart === undefined || chart === null) throw nothing(symbol);
  const reason = checkAgainstSchema(CHART, chart as Json);
  if (reason !== undefined) throw refused(`${SERVICE} answered in a form that is not known: ${reason.slice(0, 300)}`, CHANGED);

  const { meta, timestamp = [], indicators } = chart as Chart;
  demandSameSymbol(symbol, meta.symbol, SERVICE);
  if (meta.dataGranularity !== '1d') throw refused(`${SERVICE} was asked for days and answered in steps of ${quote(meta.dataGranularity)}`, CHANGED);
  if (timestamp.length === 0) throw nothing(symbol);
  const columns = (['open', 'high', 'low', 'close', 'volume'] as const).map((name) => demandLength(indicators.quote[0]![name], timestamp.length, name));
  const dayOf = demandZone(meta.exchangeTimezoneName);
  const rows = timestamp.map((second, row) => ({ day: dayOf(second * 1000), values: columns.map((column) => column[row] ?? Number.NaN) }));
  const listing = {
    symbol: meta.symbol,
    currency: meta.currency ?? undefined,
    exchange: meta.exchangeName,
    timeZone: meta.exchangeTimezoneName,
    sessionClose: closeOf(meta.exchangeTimezoneName, SHARES.has(meta.instrumentType ?? '')),
  };
  const quoted = barsOfRows(rows);
  const adjustedClose = (): Float64Array => Float64Array.from(demandLength(indicators.adjclose?.[0]?.adjclose, timestamp.length, 'adjclose'), (value) => value ?? Number.NaN);
  const all = adjusted ? adjustBars(quoted, adjustedClose()) : quoted;
  const sessions = { timeZone: listing.timeZone, close: listing.sessionClose, publicationDelayMinutes: 0 };
  const { bars, unfinished } = finishBars(all, { answeredAt, from, until, sessions });
  if (bars.date.length === 0) throw nothing(symbol);
  return { bars, listing, origin: `yahoo:${meta.symbol}`, unfinished };
}

const CHANGED = 'The service may have changed; take the data from another source until this program knows the new form.';

/** `chart.error`, which comes with status 404 for an unknown symbol, and with 200 too. */
function readError(json: unknown, symbol: string): Error | undefined {
  const { chart, finance } = (json ?? {}) as { readonly chart?: { readonly error?: unknown }; readonly finance?: { readonly error?: unknown } };
  const error = (chart?.error ?? finance?.error) as { readonly code?: unknown; readonly description?: unknown } | null | undefined;
  if (error === null || error === undefined) return undefined;
  return refused(`${SERVICE} has no bars for ${symbol}: it answers ${quote(`${String(error.code)}: ${String(error.description)}`)}`, 'Look the symbol up on finance.yahoo.com: an index begins with ^, a share outside the United States ends with its exchange, as in SAP.DE.');
}

function nothing(symbol: string): Error {
  return refused(`${SERVICE} has no finished bars for ${symbol} in these days`, 'Correct the symbol, or the parameters from and asOf.');
}

function demandLength(column: readonly (number | null)[] | undefined, length: number, name: string): readonly (number | null)[] {
  if (column?.length === length) return column;
  throw refused(`${SERVICE} answered with ${length} days and ${column === undefined ? 'no' : column.length} values of ${name}`, 'The answer is damaged or partial: try again later.');
}

function demandZone(timeZone: string): (instant: number) => string {
  try {
    return dayIn(timeZone);
  } catch (cause) {
    throw refused(`${SERVICE} answered with a time zone that is not known: ${quote(timeZone)}`, CHANGED, cause);
  }
}
