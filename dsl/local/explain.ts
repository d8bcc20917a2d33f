import { PipewrightError } from '../errors/index.ts';
import type { Fingerprint, FingerprintParts } from '../contract/index.ts';
import { closest, listed } from '../util/index.ts';
import type { Change } from './cache-record.ts';
import { changesBetween } from './change.ts';
import { History } from './history.ts';
import { readRun, readTask } from './read-runs.ts';
import type { CacheDecision } from './run-record.ts';
import type { Status } from './status.ts';

/** Why a task worked, or did not have to. */
export interface Explanation {
  readonly run: string;
  readonly task: string;
  readonly node: string;
  readonly status: Status;
  readonly cache: CacheDecision;
  /** Undefined for what never had its turn. */
  readonly fingerprint?: Fingerprint;
  readonly parts?: FingerprintParts;
  /** The last run before this one that came to the task. */
  readonly previousRun?: string;
  /** What differs from then, also where the outputs could be taken from a still earlier run. */
  readonly changes: readonly Change[];
}

export interface ExplainOptions {
  /** The folder of all runs. */
  readonly folder: string;
  /** A run's identifier, or a unique part of one. */
  readonly run: string;
  /** A node of the pipeline (`train`: all its instances) or one instance (`train(0)`); all tasks without it. */
  readonly task?: string;
}

/** Explains tasks of a run that was. Throws PW903 when there is no such run or task. */
export async function explain({ folder, run: wanted, task }: ExplainOptions): Promise<readonly Explanation[]> {
  const run = await readRun(folder, wanted);
  const chosen = run.tasks.filter((summary) => task === undefined || summary.node === task || summary.task === task);
  if (chosen.length === 0) {
    const names = [...new Set(run.tasks.map((summary) => summary.node))];
    const near = task === undefined ? undefined : closest(task, names);
    const unfinished = run.status === 'Running' || run.status === 'Interrupted';
    throw new PipewrightError({
      code: 'PW903',
      message: task === undefined ? `The run ${run.id} has no tasks.` : `The run ${run.id} has no task "${task}".`,
      fix: unfinished ? `That run is ${run.status.toLowerCase()}: choose one that has ended.` : near === undefined ? `It has: ${listed(names)}.` : `Did you mean "${near}"?`,
    });
  }
  const history = new History(folder, run.previous);
  const explanations: Explanation[] = [];
  for (const { task: name, node, status } of chosen) {
    const record = await readTask(folder, run.id, name);
    const parts = record?.parts;
    const last = parts === undefined ? undefined : await history.lastOf(name);
    explanations.push({
      run: run.id,
      task: name,
      node,
      status,
      cache: record?.cache ?? { status: 'unasked' },
      ...(record?.fingerprint === undefined ? {} : { fingerprint: record.fingerprint }),
      ...(parts === undefined ? {} : { parts }),
      ...(last === undefined ? {} : { previousRun: last.run }),
      changes: parts === undefined || last === undefined ? [] : changesBetween(last.parts, parts),
    });
  }
  return explanations;
}
