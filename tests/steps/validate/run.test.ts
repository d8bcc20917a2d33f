import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sliceBars, type Bars } from '../../../model/bars.ts';
import { runInline } from '../../../steps/runtime/index.ts';
import { readDataset } from '../../../steps/runtime/dataset.ts';
import { takeRows } from '../../model/take-rows.ts';
import validate from '../../../steps/validate/run.ts';
import { sp500 } from '../../model/sample-bars.ts';
import { createRig, readJson, writeBars, type Rig } from '../rig.ts';

describe('validate', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterAll(() => rig.remove());

  const run = async (bars: Bars, parameters: { maximumQuarantinedShare?: number } = {}) => {
    const lines: string[] = [];
    const outcome = await runInline(validate, { folder: await rig.make(), inputs: { prices: await writeBars(rig, bars) }, parameters, onLine: (_stream, line) => lines.push(line) });
    return { ...outcome, lines };
  };

  /** 300 sessions, of which one row lacks its close and one is there twice. */
  function flawed(): Bars {
    const bars = takeRows(sp500(), [...Array.from({ length: 300 }, (_, row) => row), 299]);
    bars.close[100] = Number.NaN;
    return bars;
  }

  it('passes sound data on, byte for byte', async () => {
    const { results, outputs, lines } = await run(sp500());
    expect(results).toEqual({ rows: 5105, quarantined: 0, warnings: 0, fit: true });
    expect(await readFile(outputs.clean)).toEqual(await readFile(await writeBars(rig, sp500())));
    expect(await readFile(outputs.quarantine, 'utf8')).toBe('');
    expect(lines).toEqual(['5,105 rows from 2000-01-03 to 2020-04-17: 5,105 go on, 0 are set aside, 0 warnings.']);
  });

  it('sets broken rows aside with rule, reason and all their values', async () => {
    const bars = flawed();
    const { results, outputs } = await run(bars);
    expect(results).toEqual({ rows: 299, quarantined: 2, warnings: 0, fit: true });
    const lines = (await readFile(outputs.quarantine, 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as unknown);
    expect(lines).toEqual([
      { row: 100, line: 102, rule: 'complete', reason: 'has no close', rules: [{ rule: 'complete', reason: 'has no close' }], bar: { date: '2000-05-25', open: bars.open[100], high: bars.high[100], low: bars.low[100], close: 'NaN', volume: bars.volume[100] } },
      { row: 300, line: 302, rule: 'unique-day', reason: 'repeats the row before it', rules: [{ rule: 'unique-day', reason: 'repeats the row before it' }], bar: expect.objectContaining({ date: bars.date[299] }) as unknown },
    ]);
    const clean = await readDataset(outputs.clean);
    expect(clean.texts('date')).toEqual(bars.date.slice(0, 300).filter((_, row) => row !== 100));
    expect(clean.numbers('close').every(Number.isFinite)).toBe(true);
  });

  it('stops, and says which rows, when too many would be set aside', async () => {
    const failure = run(flawed(), { maximumQuarantinedShare: 0.005 });
    await expect(failure).rejects.toThrow(
      `PW503: The data is not fit for use: 2 of 301 rows would be set aside, 0.664 %; at most 0.5 % may be. Broken rules: unique-day 1 times, first row 300 (${sp500().date[299]}) repeats the row before it; complete 1 times, first row 100 (2000-05-25) has no close.`,
    );
  });

  it('stops at rows that are out of order', async () => {
    await expect(run(takeRows(sp500(), [3, 2, 1]))).rejects.toThrow(/^PW503: The data is not fit for use: order: row 1 \(2000-01-05\) comes after 2000-01-06\./);
  });

  it('writes a page that needs nothing else, and figures', async () => {
    const { outputs } = await run(flawed());
    const page = await readFile(outputs.report, 'utf8');
    expect(page).not.toMatch(/(src|href)=|url\(|@import|<script/);
    for (const text of ['301 rows', '299 go on', 'complete: row 100 (2000-05-25) has no close', '<polyline']) expect(page).toContain(text);
    const figures = await readJson(outputs.figures);
    expect(figures.format).toBe('pipewright/figures/1');
    expect(figures.tables[0].rows.find(([id]: [string]) => id === 'complete')).toEqual(['complete', 'quarantine', 1, expect.any(String)]);
  });

  it('escapes what comes from the data', async () => {
    const bars = sliceBars(sp500(), 0, 10);
    const { outputs } = await run({ ...bars, date: bars.date.map((day, row) => (row === 3 ? '<img src=x>' : day)) }, { maximumQuarantinedShare: 1 });
    const page = await readFile(outputs.report, 'utf8');
    expect(page).toContain('&lt;img src=x&gt;');
    expect(page).not.toContain('<img');
  });

  it('warns without stopping, in log and result', async () => {
    const { results, lines } = await run(takeRows(sp500(), [0, 1, 3, 4]));
    expect(results).toEqual({ rows: 4, quarantined: 0, warnings: 1, fit: true });
    expect(lines[0]).toBe('Warning: row 2 (2000-01-06) comes after a missing session, 2000-01-05.');
  });
});
