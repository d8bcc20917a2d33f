import { spawn } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { cp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { createBundler, createProcessExecutor, readRun, runPipeline, type RunEvent, type RunOutcome } from '../../dsl/local/index.ts';
import { readTask } from '../../dsl/local/read-runs.ts';
import { sweepWork } from '../../dsl/local/sweep.ts';
import { mapBounded, openDirectoryStore, verifyArtifact, type ArtifactReference } from '../../store/index.ts';
import { killable } from './kill-pipeline.ts';
import { newFolder, until } from './rig.ts';

const KILLS = 26;

/** Processes that work below a folder. */
function workersBelow(folder: string): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readlinkSync(`/proc/${name}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}

/** Starts the driver and kills it so many milliseconds after it began to run; false if it was done before. */
async function runAndKill(driver: string, root: string, milliseconds: number): Promise<boolean> {
  const child = spawn(process.execPath, [driver, root, join(dirname(driver), 'pipeline.json'), 'process'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await Promise.race([until(() => said.includes('ready')), ended]);
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, milliseconds))]);
  child.kill('SIGKILL');
  await ended;
  return child.signalCode === 'SIGKILL';
}

async function runHere(root: string): Promise<RunOutcome & { readonly outputs: Readonly<Record<string, Readonly<Record<string, ArtifactReference>>>>; readonly seconds: number }> {
  const folder = join(root, '.pipewright');
  const bundler = createBundler({ folder });
  const store = await openDirectoryStore(join(root, 'store'));
  const started = performance.now();
  const outcome = await runPipeline(killable, { folder, store, executor: createProcessExecutor(bundler), code: bundler.codeOf, maximumParallel: 2 });
  const seconds = (performance.now() - started) / 1000;
  const records = await Promise.all(outcome.tasks.map(({ task }) => readTask(folder, outcome.id, task)));
  return { ...outcome, seconds, outputs: Object.fromEntries(records.map((record) => [record!.task, record!.outputs])) };
}

it(`is killed ${KILLS} times with SIGKILL: nothing goes on, and the next run finishes the work with the same outputs`, async () => {
  const home = await newFolder();
  const driver = join(home, 'driver.mjs');
  await build({ entryPoints: [join(import.meta.dirname, 'kill-driver.ts')], outfile: driver, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  await symlink(join(process.cwd(), 'node_modules'), join(home, 'node_modules'));
  await writeFile(join(home, 'pipeline.json'), JSON.stringify(killable));
  await runHere(join(home, 'undisturbed'));
  await rm(join(home, 'undisturbed', 'store'), { recursive: true });
  const undisturbed = await runHere(join(home, 'undisturbed'));
  expect(undisturbed.status).toBe('Succeeded');

  let interrupted = 0;
  let resumed = 0;
  await mapBounded(Array.from({ length: KILLS }, (_, n) => n), 3, async (n) => {
    const root = join(home, String(n));
    // Spread over the whole run, and a little at random, because the moments between two writes are short.
    const moment = ((n + Math.random()) / KILLS) * undisturbed.seconds * 1000;
    // Most find the code packed already; some are killed while they pack it.
    if (n % 6 !== 0) await cp(join(home, 'undisturbed', '.pipewright', 'bundles'), join(root, '.pipewright', 'bundles'), { recursive: true });
    const told = `killed after ${moment.toFixed(1)} ms`;
    const killed = await runAndKill(driver, root, moment);
    await until(() => workersBelow(root).length === 0);

    const folder = join(root, '.pipewright');
    const before = await readdir(join(folder, 'runs')).catch(() => []);
    const finished = new Set<string>();
    for (const run of before) {
      const found = await readRun(folder, run).catch(() => undefined);
      if (killed && found !== undefined) {
        expect(found.status, told).toBe('Interrupted');
        interrupted++;
      }
      const events = await readFile(join(folder, 'runs', run, 'events.ndjson'), 'utf8').catch(() => '');
      for (const line of events.split('\n').filter((text) => text.endsWith('}'))) {
        const event = JSON.parse(line) as RunEvent;
        if (event.kind === 'TaskEnded' && event.status === 'Succeeded') finished.add(event.task);
      }
    }

    const again = await runHere(root);
    expect(again.status, told).toBe('Succeeded');
    expect(again.outputs, told).toEqual(undisturbed.outputs);
    for (const task of finished) expect(again.tasks.find((summary) => summary.task === task), told).toMatchObject({ cached: true });
    resumed += finished.size;
    const store = await openDirectoryStore(join(root, 'store'));
    for (const outputs of Object.values(again.outputs)) for (const reference of Object.values(outputs)) expect(await verifyArtifact(store, reference), told).toEqual([]);
    // A step that was being spawned at that very moment may have lived on for an instant and written into its folder after
    // the sweep: the next run's sweep takes that too.
    await until(() => workersBelow(root).length === 0);
    await sweepWork(folder);
    expect(await readdir(join(folder, 'work')), told).toEqual([]);
    expect(await readdir(join(root, 'store', 'tmp')), told).toEqual([]);
  });
  // Or the test would prove nothing.
  expect(interrupted).toBeGreaterThan(KILLS / 4);
  expect(resumed).toBeGreaterThan(KILLS / 4);
}, 180_000);
