import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeValue, encodeValue, isDirectory, type ArtifactType, type ValueType } from '../contract/index.ts';
import { PipewrightError } from '../errors/index.ts';
import { putArtifact, type ArtifactReference, type Store } from '../../store/index.ts';
import type { Json } from '../util/index.ts';
import { reasonOf } from './reason.ts';
import type { Reason } from './run-record.ts';
import type { TaskInstance } from './task-instance.ts';
import type { Produced } from './values.ts';

/** Reads the results and puts the outputs into the store; or says what a program that ended well has left out. */
export async function collectProduced(store: Store, task: TaskInstance, folder: string): Promise<Produced | { readonly reason: Reason }> {
  try {
    const results: Record<string, Json> = {};
    for (const [name, { type }] of Object.entries(task.contract.results)) results[name] = await readResult(task, name, type, join(folder, 'results', name));
    // All are looked at before the first is stored: a step that fails for one leaves nothing of the others.
    for (const [name, { artifact }] of Object.entries(task.contract.outputs)) await requireOutput(task, name, artifact, join(folder, 'outputs', name));
    const outputs: Record<string, ArtifactReference> = {};
    for (const name of Object.keys(task.contract.outputs)) outputs[name] = await putArtifact(store, join(folder, 'outputs', name));
    return { results, outputs };
  } catch (error) {
    // What the step wrote is the step's fault; a store that fails is not.
    if (error instanceof PipewrightError && ['PW302', 'PW308', 'PW502'].includes(error.code)) return { reason: nameTask(reasonOf(error), task, folder) };
    throw error;
  }
}

/** The store knows a path in a work folder that will soon be gone; a person knows the task and its output. */
function nameTask(reason: Reason, task: TaskInstance, folder: string): Reason {
  const outside = join(folder, '/');
  return reason.message.startsWith(outside) ? { ...reason, message: `The task "${task.name}" wrote what cannot be kept: ${reason.message.slice(outside.length)}` } : reason;
}

async function readResult(task: TaskInstance, name: string, type: ValueType, path: string): Promise<Json> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) throw missing(`result "${name}"`, task, `Write its text to the path that the command line names.`);
  // One newline at the end is dropped, as Argo does.
  const written = text.endsWith('\n') ? text.slice(0, -1) : text;
  const decoded = decodeValue(type, written);
  if (decoded.ok) {
    demandForm(task, name, type, written, encodeValue(type, decoded.value));
    return decoded.value;
  }
  throw new PipewrightError({
    code: 'PW308',
    message: `The result "${name}" of the task "${task.name}" ${decoded.reason}.`,
    fix: 'Write the text form of a value of the declared type, or change the type in the contract.',
  });
}

/**
 * Conditions on a cluster read integers and booleans from the very text that a program wrote: ` true` would not be true
 * there. Of numbers and JSON, which many languages write in a form of their own, the compiler makes the same text again.
 */
function demandForm(task: TaskInstance, name: string, type: ValueType, written: string, form: string): void {
  if (!['integer', 'boolean'].includes(type.kind) || written === form) return;
  throw new PipewrightError({
    code: 'PW308',
    message: `The result "${name}" of the task "${task.name}" is written ${JSON.stringify(written)}, which is no form of ${type.kind === 'integer' ? 'an integer' : 'a boolean'} that a cluster reads.`,
    fix: `Write ${form} and nothing else; one line break at the end may follow.`,
  });
}

async function requireOutput(task: TaskInstance, name: string, artifact: ArtifactType, path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) throw missing(`output "${name}"`, task, 'Write it to the path that the command line names.');
  if (found.isDirectory() === isDirectory(artifact)) return;
  throw new PipewrightError({
    code: 'PW302',
    message: `The task "${task.name}" wrote a ${found.isDirectory() ? 'folder' : 'file'} as its output "${name}", which is a ${artifact.kind}.`,
    fix: `Write a ${isDirectory(artifact) ? 'folder' : 'file'}, or declare another kind of artifact.`,
  });
}

function missing(what: string, task: TaskInstance, fix: string): PipewrightError {
  return new PipewrightError({ code: 'PW302', message: `The task "${task.name}" ended without an error, but did not write its ${what}.`, fix });
}
