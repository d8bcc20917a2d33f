import { join } from 'node:path';
import type { FingerprintParts } from '../contract/index.ts';
import { readJson } from './files.ts';
import type { RunRecord, TaskRecord } from './run-record.ts';

/** How many runs to go back in search of one that came to a task. */
const DEPTH = 20;

/** Earlier runs of the same pipeline, found by following `previous` from run to run. */
export class History {
  readonly #root: string;
  readonly #next: string | undefined;
  #runs: Promise<readonly string[]> | undefined;

  constructor(root: string, previous: string | undefined) {
    this.#root = root;
    this.#next = previous;
  }

  /** What the task was given the last time that it had its turn, whether or not it had to work. */
  async lastOf(task: string): Promise<{ readonly run: string; readonly parts: FingerprintParts } | undefined> {
    this.#runs ??= this.#list();
    for (const run of await this.#runs) {
      const record = (await readJson(join(this.#root, 'runs', run, 'tasks', task, 'task.json')).catch(() => undefined)) as TaskRecord | undefined;
      if (record?.parts !== undefined) return { run, parts: record.parts };
    }
    return undefined;
  }

  async #list(): Promise<readonly string[]> {
    const runs: string[] = [];
    let run = this.#next;
    while (run !== undefined && runs.length < DEPTH) {
      runs.push(run);
      const record = (await readJson(join(this.#root, 'runs', run, 'run.json')).catch(() => undefined)) as RunRecord | undefined;
      run = record?.previous;
    }
    return runs;
  }
}
