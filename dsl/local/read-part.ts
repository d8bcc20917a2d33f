import { basename, join } from 'node:path';
import { PipewrightError } from '../errors/index.ts';
import { IR_VERSION } from '../ir/index.ts';
import { isRecord } from '../util/index.ts';
import { readJson } from './files.ts';

/** What each file of a run folder must hold for its readers to rely on; see run-record.ts. */
const SOUND: Readonly<Record<string, (value: Readonly<Record<string, unknown>>) => boolean>> = {
  'run.json': ({ format, id, pipeline, parameters, tasks, groups }) =>
    format === 'pipewright/run/1' && typeof id === 'string' && typeof pipeline === 'string' && isRecord(parameters) && Array.isArray(tasks) && Array.isArray(groups),
  'task.json': ({ format, task, inputs, outputs, results, attempts }) =>
    format === 'pipewright/task/1' && typeof task === 'string' && isRecord(inputs) && isRecord(outputs) && isRecord(results) && Array.isArray(attempts),
  'pipeline.json': ({ kind, irVersion, steps, body }) => kind === 'Pipeline' && irVersion === IR_VERSION && isRecord(steps) && Array.isArray(body),
};

/**
 * Reads a file of a run's folder, named relative to it. Undefined where there is none; PW309 when it is damaged or was
 * written by another version.
 */
export async function readPart<T>(folder: string, run: string, name: string): Promise<T | undefined> {
  const path = join(folder, 'runs', run, name);
  const refuse = (what: string, cause?: unknown): PipewrightError =>
    new PipewrightError({ code: 'PW309', message: `${path} ${what}.`, fix: `Remove the folder ${join(folder, 'runs', run)}: neither artifacts nor the cache depend on it.` }, { cause });
  const value = await readJson(path).catch((cause: Error) => Promise.reject(refuse(cause instanceof SyntaxError ? 'is damaged: it is not JSON' : `cannot be read: ${cause.message}`, cause)));
  if (value === undefined) return undefined;
  if (isRecord(value) && SOUND[basename(name)]!(value)) return value as T;
  throw refuse('is damaged, or was written by another version of Pipewright');
}

/** The run of a pipeline that `pipelines/<name>.json` names as its latest. A damaged pointer points nowhere: the next run writes it anew. */
export async function readPointer(folder: string, pipeline: string): Promise<string | undefined> {
  const pointer = await readJson(join(folder, 'pipelines', `${pipeline}.json`)).catch((error: unknown) => (error instanceof SyntaxError ? undefined : Promise.reject(error as Error)));
  return isRecord(pointer) && typeof pointer['latest'] === 'string' ? pointer['latest'] : undefined;
}
