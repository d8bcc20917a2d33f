import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../dsl/util/index.ts';
import { params } from '../../pipeline/params.ts';
import { prepareSource } from '../../pipeline/prepare-source.ts';
import { prepare, type LastRun, type Surroundings } from '../../pipeline/prepare.ts';

const DEFAULTS = Object.fromEntries(Object.entries(params).map(([name, port]) => [name, port.default]));

function surroundings({ production, last, intervention = 0, dataset, judged = '', held = [], read = {} }: { read?: Readonly<Record<string, unknown>>;  production?: string; last?: LastRun; intervention?: number; dataset?: string; judged?: string; held?: readonly string[] } = {}): Surroundings {
  return {
    modelBehind: async (name, alias) => (name !== 'stock-direction' ? undefined : alias === 'production' ? production : alias === 'shadow' ? 'other' : undefined),
    lastIntervention: async (name, alias) => (name === 'stock-direction' && alias === 'production' ? intervention : 0),
    earlierJudgements: async () => judged,
    lastRun: async () => last,
    lastDataset: async (isWanted) => (isWanted(read) ? dataset : undefined),
    holds: async (digest) => held.includes(digest),
    today: () => new Date('2026-03-02T23:59:59Z'),
  };
}

describe('prepare: the model in production', () => {
  const lastRun = (change: Partial<LastRun> = {}): LastRun => ({
    parameters: { ...DEFAULTS, champion: 'before', earlier: '' }, results: { deploy: { digest: 'now', version: 2 } }, hasSameCode: true, ...change,
  });

  it('is none at first', async () => {
    expect(await prepare({}, surroundings())).toEqual({ champion: '', earlier: '', since: '0' });
  });

  it('is what the alias points to', async () => {
    expect(await prepare({ seed: 2 }, surroundings({ production: 'now' }))).toEqual({ seed: 2, champion: 'now', earlier: '', since: '0' });
    expect(await prepare({ name: 'other' }, surroundings({ production: 'now' }))).toEqual({ name: 'other', champion: '', earlier: '', since: '0' });
  });

  it('is what another alias points to, if that is asked for', async () => {
    expect(await prepare({ champion: 'shadow' }, surroundings({ production: 'now', last: lastRun() }))).toMatchObject({ champion: 'other' });
    expect(await prepare({ champion: 'nobody' }, surroundings({ production: 'now' }))).toMatchObject({ champion: '' });
  });

  it('goes with the last move by hand or back, which makes a deployment another one', async () => {
    expect(await prepare({}, surroundings({ production: 'now', last: lastRun({ parameters: { ...DEFAULTS, champion: 'before', earlier: '', since: '0' } }), intervention: 3 }))).toEqual({ champion: 'before', earlier: '', since: '3' });
    expect(await prepare({ name: 'other', since: 'now' }, surroundings({ intervention: 3 }))).toMatchObject({ since: '0' });
  });

  it('stays as it was given', async () => {
    expect(await prepare({ champion: 'sha256:0', since: '7' }, surroundings({ production: 'now' }))).toEqual({ champion: 'sha256:0', earlier: '', since: '7' });
    expect(await prepare({ champion: '' }, surroundings({ production: 'now' }))).toEqual({ champion: '', earlier: '', since: '0' });
  });

  it('is that of the last run when that put it there and this one asks the same', async () => {
    expect(await prepare({}, surroundings({ production: 'now', last: lastRun() }))).toEqual({ champion: 'before', earlier: '', since: '0' });
    expect(await prepare({ seed: 1, horizonDays: 1 }, surroundings({ production: 'now', last: lastRun() }))).toMatchObject({ champion: 'before' });
  });

  it.each([
    ['a parameter is another', { seed: 2 }, {}],
    ['a step has other code', {}, { hasSameCode: false }],
    ['the last run did not deploy', {}, { results: {} }],
    ['the alias was moved since', {}, { results: { deploy: { digest: 'another' } } }],
  ])('is what the alias points to when %s', async (_what, given, change) => {
    expect(await prepare(given, surroundings({ production: 'now', last: lastRun(change) }))).toMatchObject({ champion: 'now' });
  });
});

describe('prepare: the source', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipewright-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is a file by its absolute path and its content, because steps have folders of their own', async () => {
    const path = join(folder, 'prices.csv');
    await writeFile(path, 'one');
    expect(await prepare({ source: relative(process.cwd(), path) }, surroundings())).toEqual({ source: path, digest: digestOf('one'), champion: '', earlier: '', since: '0' });
    await writeFile(path, 'two');
    expect(await prepare({ source: path }, surroundings())).toMatchObject({ digest: digestOf('two') });
    expect(await prepare({ source: path, digest: digestOf('three') }, surroundings())).toMatchObject({ digest: digestOf('three') });
  });

  it('is left to ingest to complain about when there is no such file', async () => {
    expect(await prepare({ source: join(folder, 'nowhere.csv') }, surroundings())).toEqual({ source: join(folder, 'nowhere.csv'), champion: '', earlier: '', since: '0' });
  });

  it('is an address as of today, so that another day reads it again', async () => {
    const source = 'https://example.org/prices.csv';
    expect(await prepare({ source }, surroundings())).toEqual({ source, asOf: '2026-03-02', champion: '', earlier: '', since: '0' });
    expect(await prepare({ source, asOf: 'friday' }, surroundings())).toEqual({ source, asOf: 'friday', champion: '', earlier: '', since: '0' });
  });

  it.each(['yahoo:^GSPC', 'yahoo:', 'alphavantage:IBM'])('is a service as of today: %s', async (source) => {
    expect(await prepareSource({ source, symbol: 'IBM' }, surroundings())).toEqual({ source, symbol: 'IBM', asOf: '2026-03-02' });
    expect(await prepareSource({ source, asOf: '2026-01-05' }, surroundings())).toEqual({ source, asOf: '2026-01-05' });
  });

  it.each(['synthetic:garch?seed=1', `dataset:sha256:${'1'.repeat(64)}`, 'ftp://host/prices.csv'])('is left as it is: %s', async (source) => {
    expect(await prepareSource({ source }, surroundings())).toEqual({ source });
  });

  it('is a file for each symbol, whose place in the path stays', async () => {
    await writeFile(join(folder, '%5EGSPC.csv'), 'three');
    const source = join(folder, '{symbol}.csv');
    expect(await prepareSource({ source, symbol: '^GSPC' }, surroundings())).toEqual({ source, symbol: '^GSPC', digest: digestOf('three') });
    expect(await prepareSource({ source: relative(process.cwd(), source) }, surroundings())).toEqual({ source });
    expect(await prepareSource({ source: 'https://example.org/{symbol}.csv', symbol: 'X' }, surroundings())).toMatchObject({ source: 'https://example.org/{symbol}.csv' });
  });

  it('may begin like a service when it is written as a path', async () => {
    expect(await prepareSource({ source: './yahoo:notes.csv' }, surroundings())).toEqual({ source: join(process.cwd(), 'yahoo:notes.csv') });
  });

  it('is the packaged data, which never changes', async () => {
    expect(await prepare({ source: 'packaged' }, surroundings())).toEqual({ source: 'packaged', champion: '', earlier: '', since: '0' });
  });
});

describe('prepare: the datasets to compare with', () => {
  const digest = digestOf('dataset');

  it('are what they are named, and the latest is that of the last run', async () => {
    expect(await prepare({ previous: digest, reference: digest }, surroundings())).toMatchObject({ previous: digest, reference: digest });
    expect(await prepare({ previous: 'latest' }, surroundings({ dataset: digest }))).toMatchObject({ previous: digest });
    expect(await prepare({ previous: 'latest' }, surroundings())).toMatchObject({ previous: '' });
    // Of another market nothing is continued.
    const [walk, signal] = [{ source: 'synthetic:random-walk' }, { source: 'synthetic:signal' }];
    expect(await prepare({ ...walk, previous: 'latest' }, surroundings({ dataset: digest, read: walk }))).toMatchObject({ previous: digest });
    expect(await prepare({ ...walk, previous: 'latest' }, surroundings({ dataset: digest, read: signal }))).toMatchObject({ previous: '' });
    expect(await prepare({ previous: 'latest' }, surroundings({ dataset: digest, read: { symbol: 'SPY' } }))).toMatchObject({ previous: '' });
  });
});

describe('prepare: a pin', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipewright-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const dataset = digestOf('dataset');
  const PIN = { format: 'pipewright/data-pin/1', dataset, digest: digestOf('source'), parameters: { source: 'prices.csv', symbol: 'SPX', from: '2001-01-01', timeZone: 'Europe/Berlin' } };
  const pin = async (content: object | string): Promise<string> => {
    const path = join(folder, 'data.lock.json');
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return `pinned:${path}`;
  };

  it('is the dataset where the store has it', async () => {
    expect(await prepareSource({ source: await pin(PIN), seed: 2 }, surroundings({ held: [dataset] }))).toEqual({ seed: 2, source: `dataset:${dataset}`, symbol: 'SPX', timeZone: 'Europe/Berlin' });
    expect(await prepare({ reference: await pin(PIN), previous: await pin(PIN) }, surroundings())).toMatchObject({ reference: dataset, previous: dataset });
  });

  it.each([{ source: 'https://bob:SECRET@example.org/p.csv' }, { source: 'https://example.org/p.csv?key=SECRET', digest: digestOf('two') }, { source: 'ftp://SECRET@host/p.csv' }, { source: 'yahoo:IBM', baseUrl: 'https://bob:SECRET@mirror.example.org' }])('has no secret in an address, because it is recorded: %s', async (given) => {
    // A pin of an earlier release may name such an address.
    const pinned = given.source.startsWith('ftp') ? [] : [{ source: await pin({ ...PIN, parameters: given }) }];
    for (const from of [given, ...pinned]) {
      const refused = prepareSource(from, surroundings());
      await expect(refused).rejects.toThrow(/^PW307: The address in the parameter "(source|baseUrl)" has a user, a password, a query or a fragment, and parameters are recorded\.$/);
      await expect(refused).rejects.toMatchObject({ issues: [{ fix: expect.stringMatching(/^(?!.*SECRET).*PIPEWRIGHT_SOURCE_ACCESS/) }] });
    }
  });

  it('is its source with the content that it had where the store does not have it', async () => {
    expect(await prepareSource({ source: await pin(PIN) }, surroundings())).toEqual({ source: join(folder, 'prices.csv'), digest: PIN.digest, symbol: 'SPX', from: '2001-01-01', timeZone: 'Europe/Berlin' });
    const service = { ...PIN, parameters: { source: 'yahoo:^GSPC', asOf: '2026-01-05' } };
    expect(await prepareSource({ source: await pin(service) }, surroundings())).toEqual({ source: 'yahoo:^GSPC', asOf: '2026-01-05', digest: PIN.digest });
  });

  it.each([
    ['several fetches, when the store does not have it', { ...PIN, parent: dataset }, 'PW402: The pinned dataset'],
    ['something else', { format: 'pipewright/rules/1' }, 'is not a pin of a dataset'],
    ['no JSON', 'dataset: x', 'is not a pin of a dataset'],
  ])('is refused when it is of %s', async (_what, content, message) => {
    await expect(prepareSource({ source: await pin(content) }, surroundings())).rejects.toThrow(message);
  });

  it('is refused when there is none', async () => {
    await expect(prepareSource({ source: `pinned:${join(folder, 'nothing.json')}` }, surroundings())).rejects.toThrow(/^PW307: The pin .*nothing\.json cannot be read: ENOENT/);
  });
});

describe('prepare: what was judged before', () => {
  const judged = '2020-04-16:2:10';
  const lastRun = (change: Partial<LastRun> = {}): LastRun => ({
    parameters: { ...DEFAULTS, champion: '', earlier: '2020-04-16:1:5' }, results: { evaluate: { decision: 'inconclusive' } }, hasSameCode: true, ...change,
  });

  it('is looked up, and left alone when it was given', async () => {
    expect(await prepare({}, surroundings({ judged }))).toMatchObject({ earlier: judged });
    expect(await prepare({ earlier: '' }, surroundings({ judged }))).toMatchObject({ earlier: '' });
  });

  it('is what the last run counted when this one is that one again, whatever was decided', async () => {
    expect(await prepare({}, surroundings({ judged, last: lastRun() }))).toMatchObject({ earlier: '2020-04-16:1:5' });
  });

  it.each([
    ['another question', { seed: 2 }, {}],
    ['other code', {}, { hasSameCode: false }],
    ['another model in production', {}, { parameters: { ...DEFAULTS, champion: 'sha256:1', earlier: '' } }],
  ])('is counted anew for %s', async (_, given, change) => {
    expect(await prepare(given, surroundings({ judged, last: lastRun(change) }))).toMatchObject({ earlier: judged });
  });
});

describe('prepare: a search', () => {
  const space = { architecture: 'logistic', learningRate: { choice: [0.1, 0.01] } };

  it('becomes the list of candidates, which the record of the run then has', async () => {
    const prepared = await prepare({ search: { space } }, surroundings());
    expect(prepared).toMatchObject({ search: { space }, candidates: [{ architecture: 'logistic', learningRate: 0.1 }, { architecture: 'logistic', learningRate: 0.01 }] });
    // What was prepared once is prepared again when a run is repeated with its record's parameters.
    expect(await prepare(prepared, surroundings())).toEqual(prepared);
    expect(await prepare({ search: null }, surroundings())).not.toHaveProperty('candidates');
  });

  it('is refused beside other candidates, and when it makes no sense', async () => {
    await expect(prepare({ search: { space }, candidates: [] }, surroundings())).rejects.toThrow(/^PW307: Both "search" and "candidates" say what is trained\./);
    await expect(prepare({ search: { space: { architecture: 'logistic', learningRate: { logUniform: [0, 1] } }, budget: 2 } }, surroundings())).rejects.toThrow(/^PW307: The parameter "search" finds no candidates\. The setting learningRate is /);
  });
});
