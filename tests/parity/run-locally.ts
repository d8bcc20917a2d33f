import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBundler, createProcessExecutor, readTask, runPipeline } from '../../dsl/local/index.ts';
import { openDirectoryStore } from '../../store/index.ts';
import type { CheckedPipeline } from '../../dsl/ir/index.ts';
import type { Json } from '../../dsl/util/index.ts';
import type { Outcome, TaskOutcome } from './outcome.ts';

/** Runs a pipeline with the real executor in a folder of its own. Nothing is taken from a cache: attempts are counted. */
export async function runLocally(pipeline: CheckedPipeline, parameters: Readonly<Record<string, Json>>): Promise<Outcome> {
  const root = await mkdtemp(join(tmpdir(), 'pipewright-parity-'));
  const started = performance.now();
  try {
    const folder = join(root, '.pipewright');
    const store = await openDirectoryStore(join(root, 'store'));
    const bundler = createBundler({ folder });
    const { id, status, tasks, reason } = await runPipeline(pipeline, {
      parameters, folder, store, executor: createProcessExecutor(bundler), code: bundler.codeOf, cache: false, graceSeconds: 2, maximumParallel: 8,
    });
    const found: Record<string, TaskOutcome> = {};
    for (const summary of tasks) {
      const record = await readTask(folder, id, summary.task);
      found[summary.task] = {
        status: summary.status,
        attempts: summary.attempts,
        results: record?.results ?? {},
        outputs: Object.fromEntries(Object.entries(record?.outputs ?? {}).map(([name, { digest }]) => [name, digest])),
        ...(summary.reason === undefined ? {} : { message: summary.reason.message }),
      };
    }
    return { status, tasks: found, seconds: (performance.now() - started) / 1000, ...(reason === undefined ? {} : { message: reason.message }) };
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
  }
}
