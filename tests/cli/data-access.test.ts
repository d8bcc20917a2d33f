import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../../cli/main.ts';
import { startServer, type LocalServer } from '../steps/ingest/server.ts';
import { Rig } from './rig.ts';

const PIPELINE = `import { pipeline, t } from 'pipewright';
import { ingest } from ${JSON.stringify(fileURLToPath(new URL('../../steps/ingest/contract.ts', import.meta.url)))};
export { prepareSource as prepare } from ${JSON.stringify(fileURLToPath(new URL('../../pipeline/prepare-source.ts', import.meta.url)))};
export default pipeline('reading', { params: { source: t.string(), asOf: t.string({ default: '' }), digest: t.string({ default: '' }), timeZone: t.string({ default: '' }), sessionClose: t.string({ default: '' }), publicationDelayMinutes: t.number({ default: 0 }) } }, ({ params, task }) => {
  task({ ...ingest, contract: { ...ingest.contract, program: { kind: 'module', entry: ${JSON.stringify(new URL('../../steps/ingest/main.ts', import.meta.url).href)} } } }, params);
});
`;
const CSV = ['date,open,high,low,close,volume', ...Array.from({ length: 9 }, (_, day) => `2020-01-0${day + 1},1,3,1,${1 + day / 10},100`), ''].join('\n');
const SECRETS = ['SECRETPW', 'SECRETKEY'];

describe('what opens an address', () => {
  let rig: Rig;
  let server: LocalServer;
  let source: string;
  let told = '';
  beforeAll(async () => {
    rig = await Rig.create({ 'reading.ts': PIPELINE });
    server = await startServer();
    const authorization = `Basic ${Buffer.from('bob:SECRETPW').toString('base64')}`;
    server.answer((request, response) => void (request.headers.authorization === authorization && request.url!.endsWith('?apikey=SECRETKEY') ? response.end(CSV) : response.writeHead(401).end()));
    source = `${server.base}/prices.csv`;
  });
  afterAll(() => Promise.all([rig.remove(), server.close()]));
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    told = '';
  });

  /** Calls it, and keeps all that it prints. */
  async function call(...words: readonly string[]): Promise<number> {
    for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockImplementation((chunk) => ((told += String(chunk)), true));
    return main([...words, '--folder', rig.path('.pipewright')]);
  }
  const run = (...more: readonly string[]): Promise<number> => call('run', rig.path('reading.ts'), ...more);

  /** Files of the folder that hold a secret, packed steps apart: they are the same on every machine. */
  async function leaks(): Promise<readonly string[]> {
    const files = (await readdir(rig.folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    expect(files.length).toBeGreaterThan(0);
    const texts = await Promise.all(files.map(async (file) => [file, await readFile(file, 'latin1')] as const));
    return texts.filter(([, text]) => SECRETS.some((secret) => text.includes(secret))).map(([file]) => file);
  }

  it('is refused as a parameter before there is a record, and by infer-schema', async () => {
    const open = `${source.replace('//', '//bob:SECRETPW@')}?apikey=SECRETKEY`;
    expect(await run('-p', `source=${open}`, '-p', 'asOf=2020-01-09')).toBe(2);
    expect(told).toContain('PW307');
    expect(await call('infer-schema', open)).toBe(2);
    expect(told).toContain('PIPEWRIGHT_SOURCE_ACCESS');
    expect(SECRETS.filter((secret) => told.includes(secret))).toEqual([]);
    expect([await rig.runs(), await leaks()]).toEqual([[], []]);
  });

  it('opens it from the variable, and is in no file and no output of run, pin, lists and drafts', async () => {
    vi.stubEnv('PIPEWRIGHT_SOURCE_ACCESS', `${server.base.replace('//', '//bob:SECRETPW@')}?apikey=SECRETKEY`);
    expect(await run('-p', `source=${source}`, '-p', 'asOf=2020-01-09'), told).toBe(0);
    const out = rig.path('data.lock.json');
    expect(await call('data', 'pin', '--out', out)).toBe(0);
    expect(await call('infer-schema', source)).toBe(0);
    for (const words of [['infer-schema', 'latest'], ['data', 'list'], ['data', 'show'], ['runs', 'list']]) expect(await call(...words), told).toBe(0);
    expect(told).toContain(`drawn from ${source}, 9 rows`);
    expect(SECRETS.filter((secret) => told.includes(secret))).toEqual([]);
    expect(await leaks()).toEqual([]);
    // What an earlier release recorded goes into no pin.
    const [task] = (await readdir(rig.path('.pipewright/runs'), { recursive: true })).filter((name) => name.endsWith('task.json'));
    const record = rig.path('.pipewright/runs', task!);
    const text = await readFile(record, 'utf8');
    const [open, mirror] = [`${source.replace('//', '//bob:SECRETPW@')}?apikey=SECRETKEY`, 'http://bob:SECRETPW@127.0.0.1'];
    const earlier = JSON.parse(text);
    await writeFile(record, JSON.stringify({ ...earlier, parameters: { ...earlier.parameters, source: open, baseUrl: mirror } }));
    expect(await call('data', 'pin', '--out', rig.path('old.json'))).toBe(0);
    expect(JSON.parse(await readFile(rig.path('old.json'), 'utf8')).parameters).toMatchObject({ source, baseUrl: 'http://127.0.0.1' });
    await writeFile(record, text);
    expect(await leaks()).toEqual([]);
    // Another machine reads the address anew, and demands the same content.
    expect(JSON.parse(await readFile(out, 'utf8')).parameters).toMatchObject({ source, asOf: '2020-01-09' });
    expect(await run('-p', `source=pinned:${out}`, '--store', rig.path('elsewhere'), '--no-cache'), told).toBe(0);
  });
});
