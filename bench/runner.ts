/**
 * What the local runner costs.
 *
 *     npx tsx bench/runner.ts [steps …]        numbers of steps for the cached run, by default 10, 100 and 1000
 *
 * 1. A step under the runner beside a bare spawn of the same words, one after another: read the ratio. The store writes
 *    every artifact and record through to the disk (fsync), so what is above 1 is mostly the disk's.
 * 2. A run in which every step is taken from the cache, by its number of steps: the time for each must not grow.
 * 3. Asking for the code of steps that have not changed, with tfjs in one of them: it is asked before every run.
 *
 * The contestants take turns and the fastest of several rounds counts, so that a busy machine disturbs little.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pipeline } from '../dsl/build/index.ts';
import { demandChecked } from '../dsl/check/index.ts';
import { commandLine, defineContainerStep, pathsBelow, t, type StepContract } from '../dsl/contract/index.ts';
import { createBundler, createProcessExecutor, runPipeline, type RunOptions } from '../dsl/local/index.ts';
import { openDirectoryStore } from '../store/index.ts';
import { double } from '../tests/local/steps/double/contract.ts';

const ROUNDS = 5;
const STEPS = 12;

const root = mkdtempSync(join(tmpdir(), 'pipewright-bench-'));
const folder = join(root, '.pipewright');
const bundler = createBundler({ folder });
const options: RunOptions = {
  folder, store: await openDirectoryStore(join(root, 'store')), executor: createProcessExecutor(bundler), code: bundler.codeOf, maximumParallel: 1,
};

const echo = defineContainerStep({
  name: 'echo', image: 'busybox', parameters: { n: t.integer() }, results: { n: t.integer() },
  command: ({ parameter, result }) => ['sh', '-c', 'echo "$1" > "$2"', 'echo', parameter('n'), result('n')],
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The fastest round of each contestant, milliseconds. */
async function race<Name extends string>(contestants: Readonly<Record<Name, () => Promise<unknown>>>): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(contestants) as Name[];
  const best = Object.fromEntries(names.map((name) => [name, Number.POSITIVE_INFINITY])) as Record<Name, number>;
  for (let round = 0; round < ROUNDS; round++) for (const name of names) best[name] = Math.min(best[name], await timed(contestants[name]));
  return best;
}

async function runs(work: Promise<{ readonly status: string }>): Promise<void> {
  const { status } = await work;
  if (status !== 'Succeeded') throw new Error(`the run ended ${status}`);
}

function spawnAndWait(words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(words[0]!, words.slice(1), { cwd: root, env: { PATH: process.env['PATH'] }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    child.stdout.resume();
    child.stderr.resume();
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${words.join(' ')} ended with ${code}`))));
  });
}

async function compareWithSpawn(what: string, contract: StepContract, words: (index: number) => readonly string[], add: 'echo' | 'double'): Promise<string> {
  const steps = demandChecked(pipeline(`bench-${contract.name}`, {}, ({ task }) => {
    for (let n = 0; n < STEPS; n++) {
      if (add === 'echo') task(echo, { n });
      else task(double, { n });
    }
  }));
  await bundler.codeOf(contract);
  const best = await race({
    bare: async () => {
      for (let n = 0; n < STEPS; n++) await spawnAndWait(words(n));
    },
    run: () => runs(runPipeline(steps, { ...options, cache: false })),
    kept: () => runs(runPipeline(steps, { ...options, cache: 'write' })),
  });
  const each = (name: keyof typeof best): string => (best[name] / STEPS).toFixed(1).padStart(8);
  const ratio = (name: keyof typeof best): string => (best[name] / best.bare).toFixed(2).padStart(6);
  return `${what.padEnd(18)}${each('bare')}${each('run')}${ratio('run')}${each('kept')}${ratio('kept')}`;
}

async function cachedRun(count: number): Promise<string> {
  const steps = demandChecked(pipeline('bench-cached', {}, ({ forEach }) => void forEach(Array.from({ length: count }, (_, n) => n), (n, { task }) => void task(echo, { n }))));
  await runs(runPipeline(steps, { ...options, maximumParallel: 8 }));
  const { cached } = await race({ cached: () => runs(runPipeline(steps, options)) });
  return `${String(count).padStart(6)}${cached.toFixed(0).padStart(10)}${(cached / count).toFixed(2).padStart(12)}`;
}

async function unchangedCode(): Promise<string> {
  const project = join(root, 'project');
  mkdirSync(project);
  symlinkSync(join(process.cwd(), 'node_modules'), join(project, 'node_modules'));
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  const contracts = Array.from({ length: 6 }, (_, n) => {
    const entry = join(project, `main-${n}.ts`);
    writeFileSync(entry, n === 0 ? "import '@tensorflow/tfjs-layers';\nimport '@tensorflow/tfjs-backend-wasm';\n" : "import 'ajv';\nimport 'arquero';\n");
    return { ...double.contract, name: `step-${n}`, program: { kind: 'module' as const, entry: pathToFileURL(entry).href } };
  });
  const first = await timed(() => Promise.all(contracts.map((contract) => bundler.codeOf(contract))));
  // A stamp that is younger than two seconds is not trusted.
  await new Promise((resolve) => setTimeout(resolve, 2100));
  await Promise.all(contracts.map((contract) => bundler.codeOf(contract)));
  const { again } = await race({ again: () => Promise.all(contracts.map((contract) => bundler.codeOf(contract))) });
  return `six steps packed ${first.toFixed(0)} ms, asked again ${again.toFixed(0)} ms`;
}

try {
  const { main } = await bundler.bundle(double.contract);
  const paths = pathsBelow(join(root, 'bare'));
  for (const name of ['outputs', 'results']) mkdirSync(join(root, 'bare', name), { recursive: true });
  const fill = (n: number) => ({ parameter: (name: string) => (name === 'n' ? String(n) : ''), ...paths });
  console.log('ms for each step     bare     run ratio    kept ratio');
  console.log(await compareWithSpawn('shell', echo.contract, (n) => commandLine(echo.contract, fill(n)), 'echo'));
  console.log(await compareWithSpawn('TypeScript', double.contract, (n) => commandLine(double.contract, fill(n), [process.execPath, main]), 'double'));
  console.log('\ncached    run, ms  ms for each');
  const counts = process.argv.slice(2).map(Number);
  for (const count of counts.length > 0 ? counts : [10, 100, 1000]) console.log(await cachedRun(count));
  console.log(`\n${await unchangedCode()}`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
