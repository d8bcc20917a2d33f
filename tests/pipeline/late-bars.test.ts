/** The pipelines on bars that can be known only some time after their close. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepContract } from '../../dsl/contract/index.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import type { CheckedPipeline } from '../../dsl/ir/index.ts';
import { createInlineExecutor, readTasks, runPipeline } from '../../dsl/local/index.ts';
import { digestOf, type Json } from '../../dsl/util/index.ts';
import { barAt, sliceBars, type Bars } from '../../model/bars.ts';
import { computeFeatures, defaultFeatureSet, featureColumns, readOnlineFeatures, requiredBars } from '../../model/features/index.ts';
import { forwardReturn } from '../../model/labels/index.ts';
import stockDirection from '../../pipeline/pipeline.ts';
import symbols from '../../pipeline/symbols.ts';
import { makeMarket } from '../../steps/ingest/synthetic/market.ts';
import { parseMarket } from '../../steps/ingest/synthetic/settings.ts';
import { readDataset, type Dataset } from '../../steps/runtime/dataset.ts';
import { getArtifact, openDirectoryStore } from '../../store/index.ts';
import { rowOf } from '../model/sample-bars.ts';
import { folderOrigin, start } from '../serving/support/server.ts';
import { createRig, QUICK, readJson, type Rig } from '../steps/rig.ts';

const MARKET = 'signal?days=750&strength=0.9&seed=3';
const BARS: Bars = makeMarket(parseMarket(MARKET));
const NAMES = featureColumns(defaultFeatureSet);
const DELAY = 45;
const MINUTE_MS = 60_000;

interface Ran {
  readonly table: Dataset;
  /** A copy of an output, as `featurize.online`. */
  readonly output: (name: string) => Promise<string>;
  /** What featurize says for people in a hurry. */
  readonly summary: string;
}

describe('bars that can be known only after a delay', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterAll(() => rig.remove());

  async function run(pipeline: CheckedPipeline, parameters: Readonly<Record<string, Json>>): Promise<Ran> {
    const folder = await rig.make();
    const store = await openDirectoryStore(join(folder, 'store'));
    const { id } = await runPipeline(pipeline, {
      parameters: { source: `synthetic:${MARKET}`, candidates: [QUICK], ...parameters } as never, folder, store,
      executor: createInlineExecutor(), code: async ({ name }: StepContract) => digestOf(name), environment: { PIPEWRIGHT_STORE: join(folder, 'store') },
    });
    const records = await readTasks(folder, id);
    const taskOf = (node: string) => records.find((record) => record.node === node)!;
    const output = async (name: string): Promise<string> => {
      const [node, port] = name.split('.') as [string, string];
      const path = join(await rig.make(), port);
      await getArtifact(store, taskOf(node).outputs[port]!, path);
      return path;
    };
    const { summary } = await readJson(await output('featurize.figures'));
    return { table: await readDataset(await output('featurize.table')), output, summary };
  }
  const runOne = (parameters: Readonly<Record<string, Json>>): Promise<Ran> => run(demandChecked(stockDirection), { champion: '', earlier: '', since: '0', firstModel: 'superior', ...parameters });

  /** Rows of the table by what they should be: the session's bar, and the newest bar that its decision knew. */
  function expectKnown({ table }: Ran, minutes: number, bars: Bars, behind: number): void {
    const { matrix } = computeFeatures(bars, defaultFeatureSet);
    const [close, decided, available] = [table.numbers('close'), table.texts('decisionTime'), table.texts('availableAt')];
    const columns = NAMES.map((name) => table.numbers(name));
    const closes = forwardReturn(bars.close, 1);
    table.texts('date').forEach((date, at) => {
      if (at % 5 !== 0) return;
      const row = bars.date.indexOf(date);
      expect(columns.map((column) => column[at])).toEqual(rowOf(matrix, row - behind));
      expect([close[at], table.numbers('forward_return')[at]]).toEqual([bars.close[row - behind], closes[row]]);
      expect(Date.parse(decided[at]!) - Date.parse(available[at]!)).toBeGreaterThanOrEqual(0);
    });
    expect(table.rows).toBe(bars.date.length - requiredBars(defaultFeatureSet) + 1 - behind);
    expect(new Set(decided.map((text, at) => Date.parse(text) - closeOf(table.texts('date')[at]!)))).toEqual(new Set([minutes * MINUTE_MS]));
  }

  it('are waited for: each row knows its own session, and a server that is asked then says the same', async () => {
    const ran = await runOne({ publicationDelayMinutes: DELAY });
    expectKnown(ran, DELAY, BARS, 0);
    expect(ran.summary).not.toContain('Warning');

    const online = await ran.output('featurize.online');
    const [[key, latest]] = Object.entries(readOnlineFeatures(await readFile(online, 'utf8')).rows) as [[string, { date: string; values: number[] }]];
    expect(latest).toMatchObject({ date: BARS.date.at(-1), values: NAMES.map((name) => ran.table.numbers(name).at(-1)) });
    const server = await start(folderOrigin(await ran.output('evaluate.model')), { onlineFeatures: { path: online, maximumAgeDays: Infinity } });
    try {
      const ask = async (body: object): Promise<number> => ((await server.post('/v2/models/stock-direction/infer', body)).json['outputs'] as { data: number[] }[])[0]!.data[0]!;
      const values = (name: string, data: readonly unknown[], shape: readonly number[], datatype = 'FP64') => ({ name, datatype, shape, data });
      const byRow = await ask({ inputs: [values('features', NAMES.map((name) => ran.table.numbers(name).at(-1)!), [1, NAMES.length])] });
      const window = sliceBars(BARS, BARS.date.length - requiredBars(defaultFeatureSet));
      const bars = window.date.map((_, row) => barAt(window, row)).map(({ open, high, low, close, volume }) => [open, high, low, close, volume]);
      expect(await ask({ inputs: [values('key', [key], [1], 'BYTES')] })).toBe(byRow);
      expect(await ask({ inputs: [values('bars', bars, [bars.length, 5]), values('date', window.date, [bars.length], 'BYTES')] })).toBeCloseTo(byRow, 6);
    } finally {
      await server.drain('the test is over');
    }
  }, 60_000);

  it('are no help to anybody, baselines included, who decides before they are there', async () => {
    const ran = await runOne({ publicationDelayMinutes: DELAY, decisionMinutes: 0 });
    expectKnown(ran, 0, BARS, 1);
    expect(ran.summary).toMatch(/ Warning: \d+ rows have the features of an earlier bar, because that of their own session was not available yet; /);
    // Who says "as yesterday" knows yesterday only from the bar before: right on four days of five, not on nine of ten.
    const part = ran.table.texts('part');
    const judged = ran.table.texts('date').filter((_, at) => part[at] === 'test').map((date) => BARS.date.indexOf(date));
    const isUp = (row: number): boolean => BARS.close[row]! > BARS.close[row - 1]!;
    const rightWith = (behind: number): number => judged.filter((row) => isUp(row + 1) === isUp(row - behind)).length / judged.length;
    const [forecasts] = (await readJson(await ran.output('evaluate.figures'))).tables;
    const said = (forecasts.rows as [string, number][]).find(([name]) => name === 'persistence')![1];
    expect(said).toBeCloseTo(rightWith(1), 12);
    expect(said).toBeLessThan(rightWith(0) - 0.03);
  }, 60_000);

  it('are waited for by the pipeline for several symbols, too', async () => {
    const ran = await run(demandChecked(symbols), { symbols: ['3'], source: `synthetic:${MARKET.replace('seed=3', 'seed={symbol}')}`, publicationDelayMinutes: DELAY });
    expectKnown(ran, DELAY, BARS, 0);
    expect(ran.summary).not.toContain('Warning');
  }, 60_000);
});

/** New York closes at 16:00, which is 20:00 or 21:00 in UTC. */
function closeOf(date: string): number {
  return [20, 21].map((hour) => Date.parse(`${date}T${hour}:00:00Z`)).find((time) => new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', hour: '2-digit' }).format(time) === '16')!;
}
