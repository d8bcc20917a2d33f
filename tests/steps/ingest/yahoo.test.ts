import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchYahoo, readChart } from '../../../steps/ingest/markets/yahoo.ts';
import type { MarketAnswer, MarketRequest } from '../../../steps/ingest/markets/market.ts';
import { QUICK_LIMITS, sendJson, startServer, type LocalServer } from './server.ts';
import { chartOf, type ChartRow } from './yahoo-answers.ts';

const ROWS: readonly ChartRow[] = [
  { day: '2024-01-03', open: 10, high: 12, low: 9, close: 11, volume: 100, adjclose: 5.5 },
  { day: '2024-01-04', open: 11, high: 13, low: 10, close: 12, volume: 200, adjclose: 6 },
  { day: '2024-01-05', open: 12, high: 14, low: 11, close: 13, volume: 300, adjclose: 13 },
];
/** Friday evening in New York. */
const EVENING = Date.parse('2024-01-05T22:00:00Z');
const ASKED = { symbol: '^GSPC', from: '', until: '', adjusted: false };

describe('the chart of Yahoo Finance', () => {
  it('becomes bars, with the day of the exchange', () => {
    const { bars, listing, origin, unfinished } = readChart(chartOf(ROWS), EVENING, ASKED);
    expect(bars).toEqual({
      date: ['2024-01-03', '2024-01-04', '2024-01-05'], open: Float64Array.of(10, 11, 12), high: Float64Array.of(12, 13, 14), low: Float64Array.of(9, 10, 11),
      close: Float64Array.of(11, 12, 13), volume: Float64Array.of(100, 200, 300),
    });
    expect(listing).toEqual({ symbol: '^GSPC', currency: 'USD', exchange: 'SNP', timeZone: 'America/New_York', sessionClose: '16:00' });
    expect(origin).toBe('yahoo:^GSPC');
    expect(unfinished).toEqual([]);
    // Tokyo opens at midnight UTC or the evening before; Sydney's summer time is 11 hours ahead.
    const elsewhere = readChart(chartOf(ROWS, { exchangeTimezoneName: 'Australia/Sydney' }, -1), EVENING + 864e5, ASKED);
    expect(elsewhere.bars.date).toEqual(['2024-01-03', '2024-01-04', '2024-01-05']);
  });

  it('has dividends in its prices when that is wanted, and says when it cannot', () => {
    const { bars } = readChart(chartOf(ROWS), EVENING, { ...ASKED, adjusted: true });
    expect([...bars.close]).toEqual([5.5, 6, 13]);
    expect([...bars.open]).toEqual([5, 5.5, 12]);
    expect([...bars.volume]).toEqual([100, 200, 300]);
    expect(() => readChart(chartOf(ROWS, {}, 14.5, (chart) => delete chart.indicators.adjclose), EVENING, { ...ASKED, adjusted: true })).toThrow('PW502: Yahoo Finance answered with 3 days and no values of adjclose.');
  });

  it('loses a last bar whose session is not over, or that has no close', () => {
    const during = readChart(chartOf(ROWS), Date.parse('2024-01-05T20:59:59Z'), ASKED);
    expect(during.bars.date).toEqual(['2024-01-03', '2024-01-04']);
    expect(during.unfinished).toEqual(['2024-01-05']);
    expect(readChart(chartOf(ROWS), Date.parse('2024-01-05T21:00:00Z'), ASKED).unfinished).toEqual([]);
    const open = [...ROWS.slice(0, 2), { ...ROWS[2]!, close: null }];
    expect(readChart(chartOf(open), EVENING, ASKED).unfinished).toEqual(['2024-01-05']);
    // What trades around the clock is over at midnight.
    expect(readChart(chartOf(ROWS, { instrumentType: 'FUTURE' }), EVENING, ASKED).unfinished).toEqual(['2024-01-05']);
  });

  it('keeps a bar without numbers in the middle, for validation to judge', () => {
    const hole = [ROWS[0]!, { day: '2024-01-04', open: null, high: null, low: null, close: null, volume: null, adjclose: null }, ROWS[2]!];
    const { bars } = readChart(chartOf(hole), EVENING, ASKED);
    expect(bars.date).toHaveLength(3);
    expect([...bars.close]).toEqual([11, Number.NaN, 13]);
  });

  it('has the live price once, not beside the bar of its day', () => {
    const live = [...ROWS, { ...ROWS[2]!, close: 13.5 }];
    const { bars } = readChart(chartOf(live), EVENING, ASKED);
    expect(bars.date).toHaveLength(3);
    expect(bars.close[2]).toBe(13.5);
  });

  it('has only the wanted days', () => {
    expect(readChart(chartOf(ROWS), EVENING, { ...ASKED, from: '2024-01-04', until: '2024-01-04' }).bars.date).toEqual(['2024-01-04']);
  });

  it.each([
    ['an unknown symbol', { chart: { result: null, error: { code: 'Not Found', description: 'No data found, symbol may be delisted' } } }, 'has no bars for ^GSPC: it answers "Not Found: No data found, symbol may be delisted".'],
    ['a refusal by its gate', { finance: { result: null, error: { code: 'Unauthorized', description: 'Invalid Crumb' } } }, 'has no bars for ^GSPC: it answers "Unauthorized: Invalid Crumb".'],
    ['nothing', { chart: { result: [], error: null } }, 'has no finished bars for ^GSPC in these days.'],
    ['no result', { chart: { result: null, error: null } }, 'has no finished bars for ^GSPC in these days.'],
    ['another JSON', { quoteResponse: [] }, 'answered in a form that is not known: it has no chart.result.'],
    ['null', null, 'answered in a form that is not known'],
    ['a chart without its zone', chartOf(ROWS, { exchangeTimezoneName: undefined }), "answered in a form that is not known: /meta must have required property 'exchangeTimezoneName'."],
    ['texts for numbers', chartOf(ROWS, {}, 14.5, (chart) => void (chart.indicators.quote[0]!.close = ['1', '2', '3'] as never)), 'answered in a form that is not known: /indicators/quote/0/close/0 must be number,null'],
    ['a zone that does not exist', chartOf(ROWS, { exchangeTimezoneName: 'Moon/Tranquility' }), 'answered with a time zone that is not known: "Moon/Tranquility".'],
    ['another symbol', chartOf(ROWS, { symbol: 'AAPL' }), 'was asked for ^GSPC and answered for "AAPL".'],
    ['months for days', chartOf(ROWS, { dataGranularity: '1mo' }), 'was asked for days and answered in steps of "1mo".'],
    ['no days', chartOf([]), 'has no finished bars for ^GSPC in these days.'],
    ['only a part of the values', chartOf(ROWS, {}, 14.5, (chart) => void (chart.indicators.quote[0]!.low = [1])), 'answered with 3 days and 1 values of low.'],
  ])('is refused when it is %s', (_what, json, message) => {
    expect(() => readChart(json, EVENING, ASKED)).toThrow(`PW502: Yahoo Finance ${message}`);
  });
});

describe('asking Yahoo Finance', () => {
  let server: LocalServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());
  const ask = (request: Partial<MarketRequest> = {}): Promise<MarketAnswer> => fetchYahoo({ ...ASKED, baseUrl: server.base, limits: QUICK_LIMITS, ...request });

  it('names the symbol, days and a span of instants around the wanted days', async () => {
    server.answer(sendJson(chartOf(ROWS), 200, { date: 'Fri, 05 Jan 2024 22:00:00 GMT' }));
    expect((await ask({ from: '2024-01-03', until: '2024-01-05' })).bars.date).toHaveLength(3);
    const { pathname, searchParams } = new URL(server.asked[0]!.url, server.base);
    expect(pathname).toBe('/v8/finance/chart/%5EGSPC');
    expect(Object.fromEntries(searchParams)).toEqual({ period1: String(Date.parse('2024-01-02') / 1000), period2: String(Date.parse('2024-01-07') / 1000), interval: '1d', includeAdjustedClose: 'true' });
    await ask();
    expect(Number(new URL(server.asked[1]!.url, server.base).searchParams.get('period1'))).toBeLessThan(Date.parse('1927-12-30') / 1000);
  });

  it('goes by the clock of the server', async () => {
    server.answer(sendJson(chartOf(ROWS), 200, { date: 'Fri, 05 Jan 2024 20:00:00 GMT' }));
    expect((await ask()).unfinished).toEqual(['2024-01-05']);
  });

  it('asks again when it is overloaded, and understands what is packed', async () => {
    server.answer(sendJson('Too Many Requests', 429), (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' }).end(gzipSync(JSON.stringify(chartOf(ROWS)))));
    expect((await ask()).bars.date).toHaveLength(3);
  });

  it.each([
    ['429', sendJson('Too Many Requests\r\n', 429), /^PW301: .+\/v8\/finance\/chart\/%5EGSPC answered 429 \(Too Many Requests\)\. Asked 3 times\./, 3],
    ['a page instead of data', sendJson('<!doctype html><title>Will be right back</title>', 200, { 'content-type': 'text/html' }), /^PW502: .+ answered with a web page instead of data\./, 1],
    ['a page with a status', sendJson('<html>Forbidden</html>', 403, { 'content-type': 'text/html' }), /^PW502: .+ answered 403 \(Forbidden\)\./, 1],
    ['an unknown symbol', sendJson({ chart: { result: null, error: { code: 'Not Found', description: 'No data found,\nsymbol may be delisted' } } }, 404), /^PW502: Yahoo Finance has no bars for \^GSPC: it answers "Not Found: No data found, symbol may be delisted"\./, 1],
    ['nothing', sendJson(''), /^PW301: .+ answered with nothing\. Asked 3 times/, 3],
    ['JSON that is cut off', sendJson(JSON.stringify(chartOf(ROWS)).slice(0, 200)), /^PW301: .+ answered with something that is not JSON, or is cut off\. Asked 3 times/, 3],
    ['gzip that is none', sendJson('garbage', 200, { 'content-encoding': 'gzip' }), /^PW502: .+ says that it is packed with gzip, but it cannot be unpacked/, 1],
    ['gzip that is none, overloaded', sendJson('garbage', 503, { 'content-encoding': 'gzip' }), /^PW301: .+ answered 503/, 3],
  ])('tells %s', async (_what, listener, message, times) => {
    server.answer(listener);
    await expect(ask()).rejects.toThrow(message);
    expect(server.asked).toHaveLength(times);
  });

  it('tells a body that breaks off, and a page at the end of a redirection', async () => {
    server.answer((_request, response) => {
      response.writeHead(200, { 'content-length': 10_000 }).write('{"chart"');
      setTimeout(() => response.destroy(), 5);
    });
    await expect(ask()).rejects.toThrow(/^PW301: .+ broke off in the middle of the file: .+ Asked 3 times/);
    server.answer((request, response) => (request.url === '/consent' ? response.end('<html>') : response.writeHead(302, { location: '/consent' }).end()));
    await expect(ask()).rejects.toThrow(`answered with a web page (from ${server.base}/consent) instead of data`);
  });

  it.each(['', '../v7', 'A B', 'a/b', '%2e', '..', `A${'B'.repeat(60)}`])('does not ask for %j', async (symbol) => {
    server.answer(sendJson(chartOf(ROWS)));
    await expect(ask({ symbol })).rejects.toThrow(/^PW501/);
    expect(server.asked).toHaveLength(0);
  });
});
