import { PipewrightError } from '../../dsl/errors/index.ts';
import { digestOf, isDigest, unreachable, type Digest } from '../../dsl/util/index.ts';
import { isCalendarDay } from '../../model/bars.ts';
import { withStoredDataset } from '../runtime/stored-dataset.ts';
import { demandWithoutAccess, withAccess } from './access.ts';
import { csvOf, filterBars } from './bars.ts';
import { fillInSymbol, kindOfSource } from './contract.ts';
import { isLoopback } from './http/address-name.ts';
import type { Limits } from './http/limits.ts';
import type { Listing } from './listing.ts';
import { ALPHA_VANTAGE_KEY, fetchAlphaVantage } from './markets/alpha-vantage.ts';
import type { MarketAnswer, MarketRequest } from './markets/market.ts';
import { fetchYahoo } from './markets/yahoo.ts';
import type { ParsedBars } from './parse-bars.ts';
import { readPrevious } from './previous.ts';
import { demandDigest, readSource } from './read-source.ts';
import { openSource } from './source.ts';
import { makeMarket } from './synthetic/market.ts';
import { describeMarket, parseMarket } from './synthetic/settings.ts';

/** What is to be collected. */
export interface Wish {
  readonly source: string;
  readonly symbol: string;
  /** The content that is expected, as a digest; empty for any. */
  readonly digest: string;
  /** First day, `YYYY-MM-DD`; empty for all. */
  readonly from: string;
  /** Last day of what a service is asked for; empty for all. */
  readonly asOf: string;
  readonly adjusted: boolean;
  readonly baseUrl: string;
}

/** Bars and what their source tells about them. */
export interface Collected extends ParsedBars {
  readonly listing: Listing;
  /** For the manifest: the same on every machine. */
  readonly origin: string;
  /** Of the bytes as they came; of the bars as CSV where the bytes tell the time of day, or there are none. */
  readonly digest: Digest;
  readonly bytes: number;
  /** Days of bars that were left out because their session was not over. */
  readonly unfinished: readonly string[];
}

/** Requests to one host are so far apart, in seconds: Alpha Vantage allows one a second; Yahoo does not say, and refuses who hurries. */
const SPACING_SECONDS = { yahoo: 0.5, alphavantage: 1.2 } as const;

const PACKAGED_LISTING: Listing = { symbol: '^GSPC', currency: 'USD', exchange: 'SNP', timeZone: 'America/New_York', sessionClose: '16:00' };

/** Reads a source of any kind. PW501 for a wish that contradicts itself; PW502 and PW301 as each kind says. */
export async function collect(wish: Wish, limits: Limits, environment: Readonly<Record<string, string | undefined>>): Promise<Collected> {
  demandWithoutAccess('source', wish.source);
  demandWithoutAccess('baseUrl', wish.baseUrl);
  const kind = kindOfSource(wish.source);
  switch (kind) {
    case 'packaged': {
      if (!['', PACKAGED_LISTING.symbol].includes(wish.symbol)) {
        throw new PipewrightError({ code: 'PW501', message: `The packaged data is ${PACKAGED_LISTING.symbol!}, not ${JSON.stringify(wish.symbol)}.`, fix: `Give a source that has the symbol, such as yahoo:${wish.symbol}.` });
      }
      return readRows(wish, limits, wish.source, PACKAGED_LISTING);
    }
    case 'file':
      return readRows(wish, limits, fillIn(wish), { symbol: wish.symbol === '' ? undefined : wish.symbol });
    case 'address':
      return readRows(wish, limits, withAccess(fillIn(wish), wish.symbol, environment), { symbol: wish.symbol === '' ? undefined : wish.symbol });
    case 'yahoo':
    case 'alphavantage': {
      const baseUrl = openBase(wish.baseUrl, environment);
      // A mirror on this machine need not be spared.
      const spacingSeconds = baseUrl !== undefined && isLoopback(new URL(baseUrl)) ? 0 : SPACING_SECONDS[kind];
      const request: MarketRequest = { symbol: symbolOf(wish), from: wish.from, until: demandDay(wish.asOf), adjusted: wish.adjusted, baseUrl, limits: { ...limits, spacingSeconds } };
      return settle(wish, kind === 'yahoo' ? await fetchYahoo(request) : await fetchAlphaVantage(request, environment[ALPHA_VANTAGE_KEY]));
    }
    case 'synthetic': {
      const settings = parseMarket(fillIn(wish).slice('synthetic:'.length));
      const origin = describeMarket(settings);
      const bars = filterBars(makeMarket(settings), (day) => day >= wish.from);
      return settle(wish, { bars, listing: { symbol: wish.symbol === '' ? `synthetic-${settings.kind}` : wish.symbol }, origin, unfinished: [] });
    }
    case 'dataset':
      return readStored(wish, environment);
    default:
      return unreachable(kind);
  }
}

async function readRows(wish: Wish, limits: Limits, source: string, listing: Listing): Promise<Collected> {
  const { reading, ...parsed } = await readSource(await openSource(source, limits), wish.digest, { adjusted: wish.adjusted });
  return { ...rowsFrom(wish.from, parsed, reading.source), listing, origin: reading.source, digest: reading.digest, bytes: reading.bytes, unfinished: [] };
}

/** A dataset of an earlier run as it is, from the store. */
async function readStored(wish: Wish, environment: Readonly<Record<string, string | undefined>>): Promise<Collected> {
  const digest = wish.source.slice('dataset:'.length);
  if (!isDigest(digest)) throw new PipewrightError({ code: 'PW501', message: `The source "${wish.source}" names no dataset.`, fix: 'Write dataset: and the whole digest, sha256:…; pipewright data list shows it.' });
  if (wish.adjusted) throw new PipewrightError({ code: 'PW501', message: 'A dataset of the store is taken as it is, and adjusted is given.', fix: 'Leave adjusted out, or name the source that has adjusted closes.' });
  demandDigest({ name: wish.source }, wish.digest, digest);
  const { bars, lines, symbol, bytes } = await withStoredDataset(digest, environment, readPrevious);
  if (symbol !== undefined && !['', symbol].includes(wish.symbol)) throw new PipewrightError({ code: 'PW501', message: `The source "${wish.source}" is of ${symbol}, not ${JSON.stringify(wish.symbol)}.`, fix: 'Leave the parameter symbol out.' });
  const listing = { symbol: symbol ?? (wish.symbol === '' ? undefined : wish.symbol) };
  return { ...rowsFrom(wish.from, { bars, ...(lines === undefined ? {} : { lines }) }, wish.source), listing, origin: wish.source, digest, bytes, unfinished: [] };
}

/** PW502 when no row is left. */
function rowsFrom(from: string, { bars, lines }: ParsedBars, origin: string): ParsedBars {
  const wanted = filterBars(bars, (day) => day >= from);
  if (wanted.date.length === 0) throw new PipewrightError({ code: 'PW502', message: `${origin} has no bars from ${from} on; its last is of ${bars.date.at(-1)!}.`, fix: 'Give an earlier day as the parameter from.' });
  return { bars: wanted, ...(lines === undefined ? {} : { lines: lines.filter((_, row) => bars.date[row]! >= from) }) };
}

function settle(wish: Wish, { bars, listing, origin, unfinished }: MarketAnswer): Collected {
  const text = csvOf(bars);
  const digest = digestOf(text);
  demandDigest({ name: origin }, wish.digest, digest);
  return { bars, listing, origin, digest, bytes: Buffer.byteLength(text), unfinished };
}

/** `{symbol}` stands for the symbol, so that a loop over symbols can read a file for each. */
function fillIn({ source, symbol }: Wish): string {
  if (!/\{symbol\}/.test(source)) return source;
  if (symbol === '') throw new PipewrightError({ code: 'PW501', message: `The source "${source}" has a place for a symbol, and none is given.`, fix: 'Give the parameter symbol.' });
  return fillInSymbol(source, symbol);
}

/** The symbol stands behind the colon of the source, or in the parameter. */
function symbolOf({ source, symbol }: Wish): string {
  const inSource = source.slice(source.indexOf(':') + 1);
  if (inSource === '' || symbol === '' || inSource === symbol) return inSource === '' ? symbol : inSource;
  throw new PipewrightError({ code: 'PW501', message: `The source "${source}" and the parameter symbol, "${symbol}", name two symbols.`, fix: `Leave one out: ${source.slice(0, source.indexOf(':') + 1)} takes the symbol from the parameter.` });
}

/** With the user and the password that open a mirror; a service has a query of its own. */
function openBase(baseUrl: string, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const base = demandBase(baseUrl);
  return base && demandBase(withAccess(base, '', environment).replace(/\?.*$/s, ''));
}

/** Without a slash at its end. */
function demandBase(baseUrl: string): string | undefined {
  if (baseUrl === '' || URL.canParse(baseUrl)) return baseUrl === '' ? undefined : baseUrl.replace(/\/+$/, '');
  throw new PipewrightError({ code: 'PW501', message: `The parameter "baseUrl" is "${baseUrl}", which is not an address.`, fix: 'Write it as in https://mirror.example.org.' });
}

function demandDay(asOf: string): string {
  if (asOf === '' || isCalendarDay(asOf)) return asOf;
  throw new PipewrightError({ code: 'PW501', message: `The parameter "asOf" is "${asOf}", which is not a day written as YYYY-MM-DD.`, fix: 'Give the last day that is wanted, or leave it out.' });
}
