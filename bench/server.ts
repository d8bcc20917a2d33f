/**
 * The model server against the least that a Node server can do, and its predictor against TensorFlow.js in the same place.
 *
 *     npx tsx bench/server.ts [requests a round]        by default 4000
 *
 * 1. Throughput: every contestant in its own process, asked over 32 kept connections for one row of 19 features, as fast as it
 *    answers. The contestants take turns. Read the ratio of processor time: it holds on a busy machine, requests a second do not.
 * 2. Latency at a steady rate, open loop: from when a request was due to its answer, so that a stall counts for all it delays.
 * 3. Checking a request: the server's own checks against a schema compiled by ajv with a copy of the numbers after it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { build } from 'esbuild';
import { prepareModel } from '../serving/models/served-model.ts';
import { featureRowsOf } from '../serving/http/v2/feature-rows.ts';
import { readTensors } from '../serving/http/v2/tensor.ts';
import { makeModel, MODEL_NAME, SAMPLE_BARS } from '../tests/serving/support/models.ts';
import { HIDDEN_UNITS, type FromContestant } from './serving/contestants.ts';
import { quantile, type LoadOrder, type LoadReport } from './serving/generate-load.ts';

const ROUNDS = 15;
const CONNECTIONS = 32;
const RATES = [500, 2000];
const requests = Number(process.argv[2] ?? 4_000);

/** Bundled as the image is: tsx would add its own helpers to every call. Beside the packages, so that TensorFlow.js finds its files. */
const packages = fileURLToPath(new URL('../node_modules/', import.meta.url));
const folder = mkdtempSync(join(packages, '.pipewright-bench-'));
await build({
  entryPoints: ['contestants', 'load'].map((name) => fileURLToPath(new URL(`serving/${name}.ts`, import.meta.url))),
  outdir: folder, outExtension: { '.js': '.mjs' }, bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'warning',
});
const start = (name: string, ...words: string[]): ChildProcess => fork(join(folder, `${name}.mjs`), words, { execArgv: [] });

async function told<Message>(child: ChildProcess): Promise<Message> {
  const [message] = (await once(child, 'message')) as [Message];
  return message;
}

const model = makeModel({ hiddenUnits: HIDDEN_UNITS });
const row = [...model.rows.values.subarray(0, 19)];
const tensor = { name: 'features', shape: [1, 19], datatype: 'FP64', data: row };
const infer = { path: `/v2/models/${MODEL_NAME}/infer`, body: JSON.stringify({ inputs: [tensor] }) };
const window = SAMPLE_BARS.date.slice(-304).map((date, at) => {
  const from = SAMPLE_BARS.date.length - 304 + at;
  return { date, open: SAMPLE_BARS.open[from], high: SAMPLE_BARS.high[from], low: SAMPLE_BARS.low[from], close: SAMPLE_BARS.close[from], volume: SAMPLE_BARS.volume[from] };
});
const withBars = { path: `/v1/models/${MODEL_NAME}:predict`, body: JSON.stringify({ instances: [{ bars: window }] }) };

const KINDS = { bare: 'node:http, JSON only', compiled: 'model server', wasm: 'model server, tfjs wasm' } as const;
type Kind = keyof typeof KINDS;
const kinds = Object.keys(KINDS) as Kind[];

const generator = start('load');
const contestants = new Map<Kind, { readonly child: ChildProcess; readonly port: number }>();
for (const kind of kinds) {
  const child = start('contestants', kind);
  contestants.set(kind, { child, port: (await told<{ port: number }>(child)).port });
}

async function cpuOf(child: ChildProcess): Promise<number> {
  child.send('cpu');
  return ((await told<FromContestant>(child)) as { cpu: number }).cpu;
}

/** A load on one contestant, and the processor time that each request took it, in microseconds. */
async function ask(kind: Kind, order: Omit<LoadOrder, 'port' | 'maximumSeconds'>): Promise<LoadReport & { readonly cpu: number }> {
  const { child, port } = contestants.get(kind)!;
  const before = await cpuOf(child);
  generator.send({ ...order, port, maximumSeconds: 30 } satisfies LoadOrder);
  const report = await told<LoadReport>(generator);
  if (report.failures > 0) throw new Error(`${KINDS[kind]} failed on ${report.failures} of ${report.requests} requests.`);
  return { ...report, cpu: ((await cpuOf(child)) - before) / report.requests };
}

async function throughput(): Promise<void> {
  const best = new Map(kinds.map((kind) => [kind, { cpu: Infinity, rate: 0 }]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const kind of kinds) {
      const { cpu, requests: count, seconds } = await ask(kind, { ...infer, requests, connections: CONNECTIONS });
      // The first round only warms the compiler up.
      if (round < 0) continue;
      const known = best.get(kind)!;
      best.set(kind, { cpu: Math.min(known.cpu, cpu), rate: Math.max(known.rate, count / seconds) });
    }
  }
  const base = best.get('bare')!;
  console.log(`\nThroughput: one row, ${CONNECTIONS} connections, best of ${ROUNDS} rounds of ${requests} requests`);
  console.table(
    Object.fromEntries(
      [...best].map(([kind, { cpu, rate }]) => [KINDS[kind], { 'processor µs a request': +cpu.toFixed(1), ratio: +(base.cpu / cpu).toFixed(2), 'requests a second': Math.round(rate), 'ratio ': +(rate / base.rate).toFixed(2) }]),
    ),
  );
}

async function latency(): Promise<void> {
  const rows: Record<string, Record<string, number>> = {};
  for (const rate of RATES) {
    for (const kind of kinds) {
      const { milliseconds } = await ask(kind, { ...infer, requests: rate * 5, connections: CONNECTIONS, rate });
      rows[`${KINDS[kind]}, ${rate}/s`] = quantiles(milliseconds);
    }
  }
  const { milliseconds } = await ask('compiled', { ...withBars, requests: 500, connections: CONNECTIONS, rate: 100 });
  rows['model server, 304 bars, 100/s'] = quantiles(milliseconds);
  console.log('\nLatency at a steady rate, open loop, milliseconds');
  console.table(rows);
}

function quantiles(sorted: readonly number[]): Record<string, number> {
  return Object.fromEntries([['p50', 0.5], ['p99', 0.99], ['p99.9', 0.999]].map(([name, share]) => [name, +quantile(sorted, share as number).toFixed(2)]));
}

/** From parsed JSON to checked numbers. */
function checks(): void {
  const served = prepareModel(model.files, { name: MODEL_NAME, version: '1', role: 'bench', digest: `sha256:${'0'.repeat(64)}` as never });
  const validate = new Ajv().compile({
    type: 'object',
    required: ['name', 'shape', 'datatype', 'data'],
    properties: {
      name: { const: 'features' },
      shape: { type: 'array', items: { type: 'integer', minimum: 1 }, minItems: 2, maxItems: 2 },
      datatype: { enum: ['FP32', 'FP64'] },
      data: { type: 'array', items: { type: 'number' }, minItems: 19, maxItems: 19 },
    },
  });
  const ways: Record<string, () => number> = {
    'own checks, in the pass that copies': () => featureRowsOf(served, readTensors([tensor], undefined)).values[0]!,
    'ajv, then a copy': () => (validate(tensor) ? Float64Array.from(tensor.data)[0]! : NaN),
    'ajv alone': () => (validate(tensor) ? 1 : 0),
  };
  const best = new Map<string, number>();
  for (let round = 0; round < 20; round++) {
    for (const [name, check] of Object.entries(ways)) {
      const before = process.cpuUsage();
      for (let call = 0; call < 20_000; call++) check();
      const { user, system } = process.cpuUsage(before);
      best.set(name, Math.min(best.get(name) ?? Infinity, (user + system) / 20_000));
    }
  }
  console.log('\nChecking one row of 19 numbers, microseconds');
  console.table(Object.fromEntries([...best].map(([name, each]) => [name, { 'µs': +each.toFixed(2) }])));
}

try {
  await throughput();
  await latency();
  checks();
} finally {
  rmSync(folder, { recursive: true, force: true });
  generator.disconnect();
  for (const { child } of contestants.values()) child.disconnect();
}
