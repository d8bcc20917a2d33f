import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestListener } from 'node:http';
import { PipewrightError } from '../../../dsl/errors/index.ts';
import { fetchAlphaVantage, readSeries } from '../../../steps/ingest/markets/alpha-vantage.ts';
import type { MarketAnswer, MarketRequest } from '../../../steps/ingest/markets/market.ts';
import ingest from '../../../steps/ingest/run.ts';
import { createRig, readJson } from '../rig.ts';
import { QUICK_LIMITS, sendJson, startServer, type LocalServer } from './server.ts';

const META = { '1. Information': 'Daily Prices (open, high, low, close) and Volumes', '2. Symbol': 'IBM', '3. Last Refreshed': '2024-01-05', '4. Output Size': 'Compact', '5. Time Zone': 'US/Eastern' };
const DAYS = {
  '2024-01-05': { '1. open': '12.0', '2. high': '14.0', '3. low': '11.0', '4. close': '13.0', '5. volume': '300' },
  '2024-01-04': { '1. open': '11.0', '2. high': '13.0', '3. low': '10.0', '4. close': '12.0', '5. volume': '200' },
  '2024-01-03': { '1. open': '10.0', '2. high': '12.0', '3. low': '9.0', '4. close': '11.0', '5. volume': '100' },
};
const SERIES = { 'Meta Data': META, 'Time Series (Daily)': DAYS };
const EVENING = Date.parse('2024-01-05T22:00:00Z');
const ASKED = { symbol: 'IBM', from: '', until: '', adjusted: false };

describe('the series of Alpha Vantage', () => {
  it('becomes bars, oldest first', () => {
    const { bars, listing, origin } = readSeries(SERIES, EVENING, ASKED);
    expect(bars).toEqual({
      date: ['2024-01-03', '2024-01-04', '2024-01-05'], open: Float64Array.of(10, 11, 12), high: Float64Array.of(12, 13, 14), low: Float64Array.of(9, 10, 11),
      close: Float64Array.of(11, 12, 13), volume: Float64Array.of(100, 200, 300),
    });
    expect(listing).toEqual({ symbol: 'IBM', timeZone: 'America/New_York', sessionClose: '16:00' });
    expect(origin).toBe('alphavantage:IBM');
  });

  it('has dividends and splits in its prices when that is wanted', () => {
    const days = { '2024-01-05': { '1. open': '12', '2. high': '14', '3. low': '11', '4. close': '13', '5. adjusted close': '6.5', '6. volume': '300', '7. dividend amount': '0', '8. split coefficient': '2.0' } };
    const { bars } = readSeries({ 'Meta Data': META, 'Time Series (Daily)': days }, EVENING, { ...ASKED, adjusted: true });
    expect([bars.open[0], bars.close[0], bars.volume[0]]).toEqual([6, 6.5, 300]);
  });

  it('loses a last bar whose session is not over', () => {
    expect(readSeries(SERIES, Date.parse('2024-01-05T18:00:00Z'), ASKED)).toMatchObject({ unfinished: ['2024-01-05'], bars: { date: ['2024-01-03', '2024-01-04'] } });
  });

  it.each([
    ['nothing', {}, 'has no finished bars for IBM in these days.'],
    ['another JSON', { data: [] }, 'answered in a form that is not known'],
    ['a list', [1], 'answered in a form that is not known'],
    ['another symbol', { ...SERIES, 'Meta Data': { ...META, '2. Symbol': 'IBN' } }, 'was asked for IBM and answered for "IBN".'],
    ['a zone that it never used', { ...SERIES, 'Meta Data': { ...META, '5. Time Zone': 'Asia/Tokyo' } }, 'answered with a time zone that is not known: "Asia/Tokyo".'],
    ['a word for a number', { ...SERIES, 'Time Series (Daily)': { '2024-01-03': { ...DAYS['2024-01-03'], '4. close': 'n/a' } } }, 'answered with "n/a" as "4. close" of 2024-01-03, which is not a number.'],
    ['a word for a day', { ...SERIES, 'Time Series (Daily)': { yesterday: DAYS['2024-01-03'] } }, 'answered with "yesterday" where a day is expected.'],
    ['an error', { 'Error Message': 'Invalid API call. Please retry or visit the documentation for TIME_SERIES_DAILY.' }, 'does not know what it was asked for: it answers "Invalid API call.'],
    ['something for payers', { Information: 'Thank you for using Alpha Vantage! This is a premium endpoint.' }, 'does not give this away'],
    ['the key for demonstrations', { Information: 'The **demo** API key is for demo purposes only.' }, 'answers with a message instead of data'],
  ])('is refused when it is %s', (_what, json, message) => {
    expect(() => readSeries(json, EVENING, ASKED)).toThrow(`Alpha Vantage ${message}`);
  });
});

describe('asking Alpha Vantage', () => {
  const KEY = 'QX7SECRET9KEY42Z';
  let server: LocalServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());
  const ask = (request: Partial<MarketRequest> = {}, key: string | undefined = KEY): Promise<MarketAnswer> => fetchAlphaVantage({ ...ASKED, baseUrl: server.base, limits: QUICK_LIMITS, ...request }, key);
  const lastQuery = (): Readonly<Record<string, string>> => Object.fromEntries(new URL(server.asked.at(-1)!.url, server.base).searchParams);

  it('names function, symbol, size and key', async () => {
    server.answer(sendJson(SERIES));
    expect((await ask()).bars.date).toHaveLength(3);
    expect(lastQuery()).toEqual({ function: 'TIME_SERIES_DAILY', symbol: 'IBM', outputsize: 'full', datatype: 'json', apikey: KEY });
    await ask({ from: '2024-01-01', until: '2024-01-31' });
    expect(lastQuery()['outputsize']).toBe('compact');
    await ask({ from: '2023-01-02', until: '2024-01-31' });
    expect(lastQuery()['outputsize']).toBe('full');
  });

  it.each([undefined, '', '  ', 'a key', 'kéy'])('needs a key, and %j is none', async (key) => {
    server.answer(sendJson(SERIES));
    await expect(fetchAlphaVantage({ ...ASKED, baseUrl: server.base, limits: QUICK_LIMITS }, key)).rejects.toThrow(/^PW501: .*ALPHAVANTAGE_API_KEY/);
    expect(server.asked).toHaveLength(0);
  });

  it('asks again when it was too fast for the service', async () => {
    server.answer(sendJson({ Information: 'Please consider spreading out your free API requests more sparingly (1 request per second).' }), sendJson(SERIES));
    expect((await ask()).bars.date).toHaveLength(3);
    expect(server.asked[1]!.at - server.asked[0]!.at).toBeGreaterThanOrEqual(1190);
  });

  it('gives up when the wait is longer than its time, and at once when the day is used up', async () => {
    server.answer(sendJson({ Note: 'Thank you for using Alpha Vantage! Our standard API call frequency is 5 calls per minute and 500 calls per day.' }));
    await expect(ask()).rejects.toThrow(/^PW301: Alpha Vantage wants to be asked more slowly: it answers "Thank you .+ and wants to be asked again after 15 s\./);
    server.answer(sendJson({ Information: `We have detected your API key as ${KEY} and our standard API rate limit is 25 requests per day. Please subscribe to any of the premium plans.` }));
    await expect(ask()).rejects.toThrow(/^PW301: Alpha Vantage has answered enough for today: it says "We have detected your API key as … and our/);
    expect(server.asked).toHaveLength(1);
  });

  /** Answers in which the key comes back, each in another place. */
  const ECHOES: readonly (readonly [string, RequestListener])[] = [
    ['a message', sendJson({ Information: `Your key ${KEY} has a limit of 25 requests per day.` })],
    ['a message that is cut short', sendJson({ Information: `${'-'.repeat(190)} ${KEY} has a limit` })],
    ['an error', sendJson({ 'Error Message': `the parameter apikey=${KEY} is invalid` })],
    ['a number', sendJson({ ...SERIES, 'Time Series (Daily)': { '2024-01-03': { '1. open': KEY } } })],
    ['a symbol', sendJson({ ...SERIES, 'Meta Data': { ...META, '2. Symbol': KEY } })],
    ['a page', sendJson(`<html>${KEY}</html>`)],
    ['something that is not JSON', sendJson(`{"apikey": ${KEY}`)],
    ['a redirection that fails', (request, response) => void response.writeHead(302, { location: `http://example.org/${KEY}${request.url}` }).end()],
    ['a redirection without end', (request, response) => void response.writeHead(302, { location: `/${KEY}${request.url}` }).end()],
    ['the words of the status', (_request, response) => void response.writeHead(403, `no ${KEY}`).end()],
    ['a broken connection', (request) => void request.socket.destroy()],
    ['a packing', sendJson('x', 200, { 'content-encoding': KEY })],
    ['a charset', sendJson('x', 200, { 'content-type': `text/csv; charset=${KEY}` })],
  ];
  it.each(ECHOES)('shows the key to nobody: %s', async (_what, listener) => {
    server.answer(listener);
    const error: unknown = await ask().then(() => undefined, (thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PipewrightError);
    const { issues, message, stack, cause } = error as PipewrightError;
    expect(server.asked[0]!.url).toContain(KEY);
    expect(JSON.stringify([issues, message, stack]).toLowerCase()).not.toContain(KEY.slice(0, 6).toLowerCase());
    expect(cause).toBeUndefined();
  });

  it('shows the key in no line, output or result of the step', async () => {
    const rig = await createRig();
    server.answer(sendJson(SERIES));
    const lines: string[] = [];
    const folder = await rig.make();
    const words = [
      ...['source=alphavantage:', 'symbol=IBM', `baseUrl=${server.base}`].flatMap((word) => ['--parameter', word]),
      ...['prices', 'manifest'].flatMap((name) => ['--output', `${name}=${folder}/${name}`]), ...['rows', 'firstDay', 'lastDay', 'asOf'].flatMap((name) => ['--result', `${name}=${folder}/${name}`]),
    ];
    const call = (key: string): Promise<number> =>
      ingest.invoke(words, { environment: { ALPHAVANTAGE_API_KEY: key, PIPEWRIGHT_DEBUG: '1', PIPEWRIGHT_STEP_PROTOCOL: 'lines' }, print: (_stream, line) => void lines.push(line), signal: new AbortController().signal });
    expect(await call(KEY)).toBe(0);
    const manifest = await readJson(`${folder}/manifest`);
    expect(manifest).toMatchObject({ source: 'alphavantage:IBM', symbol: 'IBM', rows: 3 });
    expect(lines.join('\n')).toContain('Read 3 bars from 2024-01-03 to 2024-01-05 from alphavantage:IBM.');
    server.answer(ECHOES[0]![1]);
    expect(await call(KEY)).toBe(1);
    expect(lines.join('\n')).toContain('PW301');
    expect(JSON.stringify([lines, manifest])).not.toContain(KEY);
    await rig.remove();
  });
});
