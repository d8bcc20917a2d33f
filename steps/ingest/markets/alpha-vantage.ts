import { PipewrightError } from '../../../dsl/errors/index.ts';
import { isCalendarDay } from '../../../model/bars.ts';
import { adjustBars } from '../bars.ts';
import { PassingFault, refused } from '../http/fault.ts';
import { closeOf } from '../listing.ts';
import { askJson, quote } from './ask-json.ts';
import { concealing } from './conceal.ts';
import { barsOfRows, finishBars } from './finish-bars.ts';
import type { MarketAnswer, MarketRequest } from './market.ts';
import { demandSameSymbol, demandSymbol } from './symbol.ts';

const SERVICE = 'Alpha Vantage';
const BASE_URL = 'https://www.alphavantage.co';
export const ALPHA_VANTAGE_KEY = 'ALPHAVANTAGE_API_KEY';
/** So many days an answer in the size "compact" has; "full" has all there are, and a free key is refused it. */
const COMPACT_DAYS = 100;
const DAY_MS = 86_400_000;
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** Fields of a day, https://www.alphavantage.co/documentation/#daily and #dailyadj. */
const PLAIN = ['1. open', '2. high', '3. low', '4. close', '5. volume'] as const;
const ADJUSTED = ['1. open', '2. high', '3. low', '4. close', '6. volume', '5. adjusted close'] as const;

type Days = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Daily bars from Alpha Vantage, as traded: neither splits nor dividends are worked in; with `adjusted` both are. The key is in no
 * error and no answer of this function. PW501 without a key; PW502 for what the service answers when it refuses; PW301
 * when it does not answer or has enough for now.
 */
export async function fetchAlphaVantage(request: MarketRequest, key: string | undefined): Promise<MarketAnswer> {
  const { symbol, from, until, adjusted, baseUrl = BASE_URL, limits } = request;
  demandSymbol(symbol, SERVICE);
  const secret = demandKey(key);
  const url = new URL(`${baseUrl}/query`);
  const days = from === '' ? Infinity : weekdaysBetween(from, until === '' ? Date.now() : Date.parse(until));
  const query = { function: adjusted ? 'TIME_SERIES_DAILY_ADJUSTED' : 'TIME_SERIES_DAILY', symbol, outputsize: days <= COMPACT_DAYS ? 'compact' : 'full', datatype: 'json', apikey: secret };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return concealing(secret, () => askJson({ url, limits, key: secret, read: (json, answeredAt) => readSeries(json, answeredAt, request), refusal: readRefusal }));
}

/** What an answer says about the bars. PassingFault when the service wants to be asked more slowly; PW502 for the rest that is not bars. */
export function readSeries(json: unknown, answeredAt: number, { symbol, from, until, adjusted }: Pick<MarketRequest, 'symbol' | 'from' | 'until' | 'adjusted'>): MarketAnswer {
  const refusal = readRefusal(json);
  if (refusal !== undefined) throw refusal;
  const { 'Meta Data': meta, 'Time Series (Daily)': series } = (json ?? {}) as { readonly 'Meta Data'?: Readonly<Record<string, string>>; readonly 'Time Series (Daily)'?: Days };
  if (isRecord(json) && Object.keys(json).length === 0) throw nothing(symbol);
  if (!isRecord(meta) || !isRecord(series)) throw refused(`${SERVICE} answered in a form that is not known: it has no "Time Series (Daily)"`, CHANGED);
  demandSameSymbol(symbol, String(meta['2. Symbol']), SERVICE);
  const told = Object.entries(meta).find(([name]) => name.endsWith('Time Zone'))?.[1];
  // The only zone that it is known to use, for exchanges elsewhere too: their close is earlier, so this one is safe.
  if (told !== 'US/Eastern') throw refused(`${SERVICE} answered with a time zone that is not known: ${quote(told)}`, CHANGED);
  const timeZone = 'America/New_York';

  const fields = adjusted ? ADJUSTED : PLAIN;
  // Newest first, as it comes.
  const rows = Object.entries(series).map(([day, row]) => ({ day, values: fields.map((field) => numberOf(day, field, isRecord(row) ? row[field] : undefined)) }));
  const wrong = rows.find(({ day }) => !isCalendarDay(day));
  if (wrong !== undefined) throw refused(`${SERVICE} answered with ${quote(wrong.day)} where a day is expected`, CHANGED);
  rows.sort((a, b) => (a.day < b.day ? -1 : 1));
  const traded = barsOfRows(rows.map(({ day, values }) => ({ day, values: values.slice(0, 5) })));
  const all = adjusted ? adjustBars(traded, rows.map(({ values }) => values[5]!)) : traded;
  const listing = { symbol: String(meta['2. Symbol']), timeZone, sessionClose: closeOf(timeZone, true) };
  const { bars, unfinished } = finishBars(all, { answeredAt, from, until, sessions: { timeZone, close: listing.sessionClose, publicationDelayMinutes: 0 } });
  if (bars.date.length === 0) throw nothing(symbol);
  return { bars, listing, origin: `alphavantage:${listing.symbol}`, unfinished };
}

const CHANGED = 'The service may have changed; take the data from another source until this program knows the new form.';

/** It refuses with status 200 and one of three words, https://www.alphavantage.co/support/#support. */
function readRefusal(json: unknown): Error | undefined {
  const { Note: note, Information: information, 'Error Message': error } = (json ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof error === 'string') return refused(`${SERVICE} does not know what it was asked for: it answers ${quote(error)}`, `Correct the symbol: look it up with the function SYMBOL_SEARCH; and check the key in ${ALPHA_VANTAGE_KEY}.`);
  const said = note ?? information;
  if (typeof said !== 'string') return undefined;
  // A limit by the day does not pass while anybody waits; one by the minute or the second does.
  if (/premium (endpoint|feature)|outputsize=full|exclusively/i.test(said)) {
    return refused(`${SERVICE} does not give this away: it answers ${quote(said)}`, `A free key gets the last ${COMPACT_DAYS} days without adjustment: set the parameter from to a day of the last four months and adjusted to false, or use a paid key.`);
  }
  if (/per (minute|second)|frequency/i.test(said)) {
    return new PassingFault(`${SERVICE} wants to be asked more slowly: it answers ${quote(said)}`, { retryAfterSeconds: /per second/i.test(said) ? 1.2 : 15 });
  }
  if (/limit|per day|volume/i.test(said)) {
    return new PipewrightError({ code: 'PW301', message: `${SERVICE} has answered enough for today: it says ${quote(said)}.`, fix: 'Try again tomorrow, ask for fewer symbols, or use a paid key.' });
  }
  return refused(`${SERVICE} answers with a message instead of data: ${quote(said)}`, `Do what it says; the key is read from ${ALPHA_VANTAGE_KEY}.`);
}

function demandKey(key: string | undefined): string {
  const found = (key ?? '').trim();
  if (/^[\x21-\x7e]{1,200}$/.test(found)) return found;
  throw new PipewrightError({
    code: 'PW501',
    message: found === '' ? `${SERVICE} wants a key, and the variable ${ALPHA_VANTAGE_KEY} is not set.` : `The variable ${ALPHA_VANTAGE_KEY} does not hold a key: it has characters that no key has.`,
    fix: `Get a key at https://www.alphavantage.co/support/#api-key and set ${ALPHA_VANTAGE_KEY} to it.`,
  });
}

function nothing(symbol: string): Error {
  return refused(`${SERVICE} has no finished bars for ${symbol} in these days`, 'Correct the symbol, or the parameters from and asOf.');
}

function numberOf(day: string, field: string, text: unknown): number {
  if (text === undefined || text === null || text === '' || text === 'None') return Number.NaN;
  if (typeof text === 'string' && NUMBER.test(text)) return Number(text);
  throw refused(`${SERVICE} answered with ${quote(text)} as "${field}" of ${day}, which is not a number`, CHANGED);
}

function isRecord(value: unknown): value is Readonly<Record<string, never>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** At least as many as there are sessions. */
function weekdaysBetween(from: string, until: number): number {
  let count = 0;
  for (let at = Date.parse(from); at <= until && count <= COMPACT_DAYS; at += DAY_MS) if (new Date(at).getUTCDay() % 6 !== 0) count++;
  return count;
}
