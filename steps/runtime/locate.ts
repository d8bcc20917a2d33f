import { mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDirectory, type ArtifactType, type StepContract } from '../../dsl/contract/index.ts';
import { PipewrightError, type Issue } from '../../dsl/errors/index.ts';

/** What a step sees of its inputs. Throws PW501 for one that is not there or is a folder instead of a file. */
export async function locateInputs(contract: StepContract, paths: Readonly<Record<string, string>>): Promise<Record<string, string | readonly string[] | undefined>> {
  const issues: Issue[] = [];
  const located: Record<string, string | readonly string[] | undefined> = {};
  for (const [name, { artifact, many, optional }] of Object.entries(contract.inputs)) {
    const path = paths[name];
    if (many) located[name] = await itemsOf(path);
    else {
      const reason = path === undefined ? undefined : await whyUnreadable(path, artifact, optional === true);
      if (reason !== undefined) issues.push({ code: 'PW501', message: `The input "${name}" ${reason}.`, fix: `Put a ${artifact.kind} there, or correct --input ${name}=….` });
      located[name] = path !== undefined && (await exists(path)) ? path : undefined;
    }
  }
  if (issues.length > 0) throw new PipewrightError(issues);
  return located;
}

/** Entries of a collection in the order of its items; a folder that is not there is an empty collection, as object stores have no empty folders. */
async function itemsOf(path: string | undefined): Promise<readonly string[]> {
  const names = path === undefined ? [] : await readdir(path).catch(() => []);
  return names
    .filter((name) => !name.startsWith('.'))
    .sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1))
    .map((name) => join(path!, name));
}

async function whyUnreadable(path: string, artifact: ArtifactType, optional: boolean): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return optional ? undefined : `is not at ${path}`;
  if (found.isDirectory() === isDirectory(artifact)) return undefined;
  const wanted = isDirectory(artifact) ? 'folder' : 'file';
  const plain = artifact.kind === 'file' || artifact.kind === 'directory';
  return `is a ${found.isDirectory() ? 'folder' : 'file'}, but ${plain ? `a ${wanted} is wanted` : `a ${artifact.kind} is a ${wanted}`}`;
}

/** Makes the folders in which outputs and results will stand. */
export async function makeRoom(paths: Readonly<Record<string, string>>): Promise<void> {
  for (const path of Object.values(paths)) await mkdir(dirname(path), { recursive: true });
}

/** Throws PW302 unless the step wrote every output that it declares, each as what it is declared. */
export async function requireOutputs(contract: StepContract, paths: Readonly<Record<string, string>>): Promise<void> {
  const issues: Issue[] = [];
  for (const [name, { artifact }] of Object.entries(contract.outputs)) {
    const found = await stat(paths[name]!).catch(() => undefined);
    const fix = `Write a ${isDirectory(artifact) ? 'folder' : 'file'} to outputs.${name}, or take it out of the contract.`;
    if (found === undefined) issues.push({ code: 'PW302', message: `The step "${contract.name}" did not write its output "${name}".`, fix });
    else if (found.isDirectory() !== isDirectory(artifact)) {
      issues.push({ code: 'PW302', message: `The step "${contract.name}" wrote a ${found.isDirectory() ? 'folder' : 'file'} as its output "${name}", which is a ${artifact.kind}.`, fix });
    }
  }
  if (issues.length > 0) throw new PipewrightError(issues);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}
