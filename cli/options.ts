import { InvalidArgumentError, Option, type Command } from 'commander';
import { resolve } from 'node:path';
import type { Store } from '../store/index.ts';
import { EXIT_CODES_HELP } from './errors.ts';

/** Where runs and artifacts are. */
export interface PlaceOptions {
  readonly folder: string;
  readonly store?: string;
}

export function addFolder(command: Command): Command {
  return command.addOption(new Option('--folder <path>', 'folder of all runs').default('.pipewright').env('PIPEWRIGHT_FOLDER'));
}

export function addPlaces(command: Command): Command {
  return addFolder(command).addOption(new Option('--store <location>', 'artifact store: a folder, or s3://bucket/prefix (default: store in --folder)').env('PIPEWRIGHT_STORE'));
}

export async function openStoreOf(options: PlaceOptions): Promise<Store> {
  const { openStore } = await import('../store/open.ts');
  return openStore(locationOfStore(options));
}

/** `s3://bucket/prefix`, or an absolute path, because steps have folders of their own. */
export function locationOfStore({ folder, store }: PlaceOptions): string {
  if (store === undefined) return resolve(folder, 'store');
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(store) ? store : resolve(store);
}

export function addPipelineFile(command: Command): Command {
  return command.argument('<pipeline>', 'file whose default export is the pipeline; file.ts#name for another export');
}

/** The end of a verb's help: how it is used, and what its exit code tells. */
export function addExamples(command: Command, examples: readonly (readonly [string, string])[], more = ''): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, meaning]) => `  ${line.padEnd(width)}  ${meaning}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}\n${more === '' ? '' : `\n${more}\n`}\n${EXIT_CODES_HELP}`);
}

/** For options that may be given several times. */
export function collect(word: string, before: readonly string[] = []): readonly string[] {
  return [...before, word];
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1 on');
  return value;
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value)) throw new InvalidArgumentError('Give a whole number');
  return value;
}

/** A DNS label, as Kubernetes names namespaces and what lives in them (RFC 1123). */
export function kubernetesName(text: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) throw new InvalidArgumentError('Give up to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends');
  return text;
}

/** DNS labels with points between them, as service accounts are named. */
export function accountName(text: string): string {
  if (text.length > 253 || !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(text)) throw new InvalidArgumentError('Give lower-case letters, digits, hyphens and points, with a letter or digit at both ends');
  return text;
}

/** The beginning of an image's name: a host, perhaps a port, and folders. */
export function imagePrefix(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?(\/[a-z0-9._-]+)*\/?$/.test(text)) throw new InvalidArgumentError('Give it without "http://", such as registry.example.org:5000/team');
  return text;
}
