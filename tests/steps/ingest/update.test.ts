import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../../dsl/util/index.ts';
import { sliceBars, type BarColumn, type Bars } from '../../../model/bars.ts';
import type { Collected } from '../../../steps/ingest/collect.ts';
import { compareHistory, mergeBars } from '../../../steps/ingest/merge.ts';
import { describeRestatement, update, type UpdateOptions } from '../../../steps/ingest/update.ts';
import ingest from '../../../steps/ingest/run.ts';
import { readDataset } from '../../../steps/runtime/dataset.ts';
import { runInline } from '../../../steps/runtime/index.ts';
import { barsOfCloses, randomWalk } from '../../model/sample-bars.ts';
import { createRig, readJson, writeCsv, type Rig } from '../rig.ts';
import { sendJson, startServer, type LocalServer } from './server.ts';
import { chartOf, rowsOf } from './yahoo-answers.ts';

const DIGEST = digestOf('before');
const OPTIONS: UpdateOptions = { overlapSessions: 5, onRestatement: 'refuse', inPart: true, from: '' };

/** A source that tells these bars, and remembers from which day it was asked. */
function sourceOf(bars: Bars, symbol = 'TEST'): { readonly fetchFrom: (from: string) => Promise<Collected>; readonly asked: string[] } {
  const asked: string[] = [];
  const fetchFrom = (from: string): Promise<Collected> => {
    asked.push(from);
    const first = bars.date.findIndex((day) => day >= from);
    return Promise.resolve({ bars: sliceBars(bars, first < 0 ? bars.date.length : first), listing: { symbol }, origin: 'test', digest: DIGEST, bytes: 1, unfinished: [] });
  };
  return { fetchFrom, asked };
}

function change(bars: Bars, column: BarColumn, rows: readonly number[], of: (value: number) => number): Bars {
  return { ...bars, [column]: bars[column].map((value, row) => (rows.includes(row) ? of(value) : value)) };
}

const without = (bars: Bars, row: number): Bars => mergeBars(sliceBars(bars, 0, row), sliceBars(bars, row + 1), '', 'keep');

describe('an update', () => {
  const now = randomWalk(40, 1);
  const before = (bars = now, rows = 30): { bars: Bars; digest: typeof DIGEST; bytes: number; symbol: string } => ({ bars: sliceBars(bars, 0, rows), digest: DIGEST, bytes: 1, symbol: 'TEST' });

  it('is what fetching everything gives, however much was there, and asks only for the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 50 }), fc.constantFrom('refuse', 'take', 'keep'), fc.boolean(), async (rows, overlapSessions, onRestatement, inPart) => {
        const source = sourceOf(now);
        const { collected, restatement, added } = await update(before(now, rows), source.fetchFrom, { ...OPTIONS, overlapSessions, onRestatement, inPart });
        expect(collected.bars).toEqual(now);
        expect([restatement.rows, added]).toEqual([0, 40 - rows]);
        expect(source.asked).toEqual([inPart && overlapSessions < rows ? now.date[rows - overlapSessions] : '']);
      }),
      { numRuns: 60 },
    );
  });

  it('stops at restated history, and says how much, where and how large', async () => {
    const restated = change(change(now, 'close', [27, 28], (value) => value * 1.01), 'volume', [29], (value) => value + 1);
    await expect(update(before(), sourceOf(restated).fetchFrom, OPTIONS)).rejects.toThrow(
      new RegExp(`^PW502: test has restated its history: 3 rows differ: 3 changed \\(${now.date.slice(27, 30).join(', ')}\\); the largest change is the close of ${now.date[27]}, .+ \\(1\\.00 %\\); all changed closes are 1\\.01 times what they were`),
    );
  });

  it('takes what the source tells now, or keeps what it told, as it is asked to', async () => {
    const restated = change(now, 'close', [28], (value) => value * 1.01);
    const kept = await update(before(), sourceOf(restated).fetchFrom, { ...OPTIONS, onRestatement: 'keep' });
    expect(kept.collected.bars).toEqual(now);
    const taken = await update(before(), sourceOf(restated).fetchFrom, { ...OPTIONS, onRestatement: 'take' });
    expect(taken.collected.bars).toEqual(restated);
    for (const { restatement } of [kept, taken]) expect(restatement).toMatchObject({ rows: 1, changed: [now.date[28]], largestChange: { day: now.date[28], column: 'close', before: now.close[28], after: restated.close[28] } });
  });

  it('fetches everything when the restatement goes further back than was compared: a split', async () => {
    const split = change(now, 'close', now.date.map((_, row) => row), (value) => value / 4);
    const source = sourceOf(split);
    const { collected, restatement, comparedFrom } = await update(before(), source.fetchFrom, { ...OPTIONS, onRestatement: 'take' });
    expect(collected.bars).toEqual(split);
    expect(source.asked).toEqual([now.date[25], '']);
    expect([restatement.rows, restatement.factor, comparedFrom]).toEqual([30, 0.25, now.date[0]]);
    // Not when it begins in the middle of what was compared.
    const late = sourceOf(change(now, 'close', [27], (value) => value / 4));
    await update(before(), late.fetchFrom, { ...OPTIONS, onRestatement: 'take' });
    expect(late.asked).toEqual([now.date[25]]);
  });

  it('has no day before the first wanted one, wherever that lies', async () => {
    for (const row of [0, 10, 27, 35]) {
      for (const onRestatement of ['take', 'keep'] as const) {
        const { collected } = await update(before(), sourceOf(now).fetchFrom, { ...OPTIONS, onRestatement, from: now.date[row]! });
        expect(collected.bars).toEqual(sliceBars(now, row));
      }
    }
  });

  it('finds days that are gone and days that were not there', async () => {
    const gone = without(now, 28);
    await expect(update(before(), sourceOf(gone).fetchFrom, OPTIONS)).rejects.toThrow(`1 rows differ: 1 gone (${now.date[28]}).`);
    expect((await update(before(), sourceOf(gone).fetchFrom, { ...OPTIONS, onRestatement: 'take' })).collected.bars).toEqual(gone);
    expect((await update(before(), sourceOf(gone).fetchFrom, { ...OPTIONS, onRestatement: 'keep' })).collected.bars).toEqual(now);
    await expect(update({ ...before(), bars: sliceBars(gone, 0, 29) }, sourceOf(now).fetchFrom, OPTIONS)).rejects.toThrow(`1 rows differ: 1 new (${now.date[28]}).`);
  });

  it('takes a missing number for itself, and tells one that was filled in', () => {
    const hole = change(now, 'close', [28], () => Number.NaN);
    expect(compareHistory(hole, hole, '').rows).toBe(0);
    expect(compareHistory(hole, now, '').largestChange).toEqual({ day: now.date[28], column: 'close', before: null, after: now.close[28], share: null });
    expect(describeRestatement(compareHistory(hole, now, ''))).toBe(`1 rows differ: 1 changed (${now.date[28]}); the largest change is the close of ${now.date[28]}, null → ${now.close[28]}`);
  });

  it('merges any two histories into rising days, with every kept row as one of them has it', () => {
    const days = barsOfCloses(Array.from({ length: 12 }, (_, row) => row + 1));
    const pick = fc.uniqueArray(fc.nat(11), { minLength: 1 }).map((rows) => rows.sort((a, b) => a - b)).map((rows) => rows.reduce<Bars>((bars, row) => mergeBars(bars, sliceBars(days, row, row + 1), '', 'keep'), sliceBars(days, 0, 0)));
    fc.assert(
      fc.property(pick, pick, fc.constantFrom('take', 'keep'), fc.nat(11), (old, fetched, policy, at) => {
        const from = days.date[at]!;
        const { date } = mergeBars(old, change(fetched, 'close', fetched.date.map((_, row) => row), (value) => -value), from, policy);
        expect(date).toEqual([...new Set(date)].sort());
        const last = old.date.at(-1)!;
        const wanted = policy === 'keep' ? [...old.date, ...fetched.date.filter((day) => day > last)] : [...old.date.filter((day) => day < from), ...fetched.date.filter((day) => day >= from)];
        expect(date).toEqual(wanted);
      }),
    );
  });

  it('is of one symbol, with rising days', async () => {
    await expect(update(before(), sourceOf(now, 'OTHER').fetchFrom, OPTIONS)).rejects.toThrow('PW502: The previous dataset is of TEST, and test is of OTHER.');
    const reversed: Bars = { ...now, date: [...now.date].reverse() };
    await expect(update(before(), () => Promise.resolve({ bars: reversed, listing: {}, origin: 'test', digest: DIGEST, bytes: 1, unfinished: [] }), OPTIONS)).rejects.toThrow(/^PW502: test cannot be joined with another: its days do not rise at/);
  });
});

describe('ingest with the dataset of an earlier run', () => {
  let rig: Rig;
  let server: LocalServer;
  beforeAll(async () => {
    [rig, server] = [await createRig(), await startServer()];
  });
  afterAll(async () => {
    await rig.remove();
    await server.close();
  });

  const now = randomWalk(60, 2);
  /** Answers as the service does: with the days of the span that is asked for. */
  const serve = (bars: Bars): void =>
    server.answer((request, response) => {
      const { searchParams } = new URL(request.url!, server.base);
      const day = (name: string): string => new Date(Number(searchParams.get(name)) * 1000).toISOString().slice(0, 10);
      sendJson(chartOf(rowsOf(bars, day('period1')).filter((row) => row.day < day('period2')), { symbol: 'TEST' }))(request, response);
    });
  const run = async (parameters: object, previous?: string) => {
    const lines: string[] = [];
    const { results, outputs } = await runInline(ingest, {
      folder: await rig.make(), parameters: { source: 'yahoo:TEST', baseUrl: server.base, ...parameters }, ...(previous === undefined ? {} : { inputs: { previous } }), onLine: (_stream, line) => void lines.push(line),
    });
    return { results, outputs, lines, manifest: await readJson(outputs.manifest), bytes: digestOf(await readFile(outputs.prices)) };
  };

  it('fetches what is new, names its parent, and has the bytes that fetching everything gives', async () => {
    serve(now);
    const [first, whole] = [await run({ asOf: now.date[40] }), await run({})];
    expect(first.results.rows).toBe(41);
    const continued = await run({ overlapSessions: 10 }, first.outputs.prices);
    expect(continued.bytes).toBe(whole.bytes);
    expect(continued.manifest).toMatchObject({
      dataset: whole.manifest.dataset, parent: first.manifest.dataset, rows: 60, symbol: 'TEST',
      update: { added: 19, comparedFrom: now.date[31], restated: { policy: 'refuse', rows: 0, days: [] } },
    });
    expect(first.manifest).not.toHaveProperty('parent');
    const from = Number(new URL(server.asked.at(-1)!.url, server.base).searchParams.get('period1'));
    expect(from).toBe(Date.parse(now.date[31]!) / 1000 - 86_400);
    expect(continued.lines[1]).toBe(`19 of them are new; from ${now.date[31]} on the earlier rows were compared.`);
    // Nothing new: the same dataset again.
    expect((await run({}, whole.outputs.prices)).bytes).toBe(whole.bytes);
  });

  it('detects restated history; the parameter decides', async () => {
    serve(now);
    const first = await run({ asOf: now.date[40] });
    const restated = change(now, 'close', [38], (value) => value * 2);
    serve(restated);
    await expect(run({}, first.outputs.prices)).rejects.toThrow('PW502: yahoo:TEST has restated its history: 1 rows differ');
    const taken = await run({ restated: 'take' }, first.outputs.prices);
    expect((await readDataset(taken.outputs.prices)).numbers('close')).toEqual(restated.close);
    expect(taken.manifest.update.restated).toMatchObject({ policy: 'take', rows: 1, days: [now.date[38]], largestChange: { column: 'close', share: 1 } });
    expect(taken.lines[2]).toMatch(/^Warning: the source has restated its history: 1 rows differ: .+ The new rows were taken\.$/);
    const kept = await run({ restated: 'keep' }, first.outputs.prices);
    expect((await readDataset(kept.outputs.prices)).numbers('close')).toEqual(now.close);
    expect(kept.lines[2]).toMatch(/The earlier rows were kept\.$/);
  });

  it('compares all of a file, and all of adjusted prices', async () => {
    const early = change(now, 'open', [1], (value) => value * 1.5);
    const first = await runInline(ingest, { folder: await rig.make(), parameters: { source: await writeCsv(rig, sliceBars(now, 0, 41)) } });
    await expect(runInline(ingest, { folder: await rig.make(), parameters: { source: await writeCsv(rig, early), overlapSessions: 2 }, inputs: { previous: first.outputs.prices } })).rejects.toThrow(`1 changed (${now.date[1]})`);
    serve(now);
    const adjusted = await run({ asOf: now.date[40], adjusted: true });
    await run({ adjusted: true, overlapSessions: 2 }, adjusted.outputs.prices);
    expect(Number(new URL(server.asked.at(-1)!.url, server.base).searchParams.get('period1'))).toBeLessThan(0);
  });

  it('refuses an earlier dataset of another symbol, a later one, and what is none', async () => {
    serve(now);
    const first = await run({});
    await expect(run({ source: 'synthetic:garch?days=80&start=2001-01-01' }, first.outputs.prices)).rejects.toThrow('The previous dataset is of TEST, and synthetic:garch');
    await expect(run({ asOf: now.date[10] }, first.outputs.prices)).rejects.toThrow(`PW501: The parameter "asOf" is ${now.date[10]}, but the previous dataset goes to ${now.date[59]}.`);
    const stranger = join(await rig.make(), 'prices');
    await copyFile(first.outputs.manifest, stranger);
    await expect(run({}, stranger)).rejects.toThrow(/^PW502: .+ is not a dataset/);
  });
});
