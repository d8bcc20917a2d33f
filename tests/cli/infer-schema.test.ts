import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { inferSchema } from '../../cli/infer-schema/draft-rules.ts';
import { main } from '../../cli/main.ts';
import { sliceBars } from '../../model/bars.ts';
import { applyRules, tableOf } from '../../model/quality/index.ts';
import { parseRules } from '../../steps/validate/read-rules.ts';
import { sp500 } from '../model/sample-bars.ts';
import { startServer } from '../steps/ingest/server.ts';
import { createRig, writeBars, writeCsv, type Rig } from '../steps/rig.ts';
import { Rig as CommandLine } from './rig.ts';

const BARS = sliceBars(sp500(), 0, 600);

describe('pipewright infer-schema', () => {
  let rig: Rig;
  let told = '';
  beforeAll(async () => {
    rig = await createRig();
  });
  afterAll(() => rig.remove());
  afterEach(() => vi.restoreAllMocks());
  async function draft(data: string, more: { margin?: number; out?: string } = {}): Promise<string> {
    told = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => ((told += String(chunk)), true));
    await inferSchema(data, { symbol: '', tail: 0.001, margin: 1, folder: join(rig.folder, 'runs'), ...more });
    return told;
  }

  it('drafts a document from a file, which the data passes and an error does not', async () => {
    const out = join(rig.folder, 'rules.yaml');
    const source = await writeCsv(rig, BARS);
    expect(await draft(source, { out })).toMatch(/^wrote .*rules\.yaml\n$/);
    const text = await readFile(out, 'utf8');
    expect(text.split('\n').slice(0, 2)).toEqual([`# A draft: drawn from ${source}, 600 rows from 2000-01-03 to 2002-05-24.`, '# Held against that data it sets 0 rows aside.']);
    const rules = parseRules(text);
    expect(rules.rules.find(({ check }) => check === 'columns')).toMatchObject({ columns: { date: 'date', close: 'float64', availableAt: 'string' }, others: 'refuse' });
    const ranges = { ...rules, rules: rules.rules.filter(({ check }) => check === 'range') };
    expect(applyRules(tableOf(BARS), ranges).quarantined).toEqual([]);
    const wrong = { ...BARS, close: BARS.close.map((value, row) => (row === 300 ? value * 100 : value)) };
    expect(applyRules(tableOf(wrong), ranges).quarantined.map(({ row }) => row)).toEqual([300]);
  });

  it('reads a dataset as it is, and prints', async () => {
    const text = await draft(await writeBars(rig, BARS), { margin: 0 });
    expect(text).toContain('--param rules=@rules.yaml');
    expect(parseRules(text).rules[0]).toMatchObject({ columns: { date: 'date', open: 'float64', high: 'float64', low: 'float64', close: 'float64', volume: 'float64' } });
  });

  it('says what the program that reads the data says', async () => {
    const path = join(rig.folder, 'notes.txt');
    await writeFile(path, 'nothing of the kind\n');
    await expect(draft(path)).rejects.toThrow(/^PW502: .+notes\.txt has no column/);
    await expect(draft('latest')).rejects.toThrow('PW903: No run in this folder has read data yet.');
    expect(told).toBe('');
  });

  it('ends the program that reads the data and leaves nothing behind when it is stopped', async () => {
    const cli = await CommandLine.create();
    // Says nothing, so that the program waits.
    const server = await startServer();
    const left = new Promise<void>((resolve) => server.answer((request) => void request.on('close', resolve)));
    try {
      await mkdir(cli.path('temporary'));
      const call = cli.start(['infer-schema', `${server.base}/prices.csv`], { TMPDIR: cli.path('temporary') });
      await expect.poll(() => server.asked.length, { timeout: 20_000 }).toBe(1);
      expect(await readdir(cli.path('temporary'))).toContainEqual(expect.stringMatching(/^pipewright-ingest-/));
      call.signal('SIGTERM');
      expect(await call.ended).toEqual({ code: 130, stdout: '', stderr: 'cancelled\n' });
      await left;
      expect((await readdir(cli.path('temporary'))).filter((name) => name.startsWith('pipewright-'))).toEqual([]);
    } finally {
      await Promise.all([server.close(), cli.remove()]);
    }
  });

  it.each(['0.5', 'many', '-1'])('refuses the tail %s', async (tail) => {
    let error = '';
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => ((error += String(chunk)), true));
    expect(await main(['infer-schema', 'packaged', '--tail', tail])).toBe(2);
    expect(error).toContain(`--tail <share> is "${tail}". Give a number from 0 to less than 0.5.`);
  });
});
