import { existsSync, readdirSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PipewrightError, type Issue } from '../../dsl/errors/index.ts';
import { IR_VERSION, type Pipeline } from '../../dsl/ir/index.ts';
import { closest, listed } from '../../dsl/util/index.ts';
import { nearbyPath } from '../errors.ts';
import { bundleOnce } from '../start/bundle.mjs';
import { runAuthorsCode } from './authors-code.ts';

const PIPELINE_FILE = /\.[cm]?[jt]s$/;

/**
 * Loads a pipeline from a file: its default export, or `file.ts#name` for a named one. The file and what it imports are
 * packed first, so a mistake in any of them has its line. PW902 when there is no pipeline; what the file itself throws
 * as a PipewrightError is passed on.
 */
export async function loadPipeline(wanted: string): Promise<Pipeline> {
  return (await loadPipelineFile(wanted)).pipeline;
}

/** The pipeline and whatever else its file exports. Throws as {@link loadPipeline}. */
export async function loadPipelineFile(wanted: string): Promise<{ readonly pipeline: Pipeline; readonly exported: Readonly<Record<string, unknown>> }> {
  // A folder may have a "#" in its name, too.
  const hash = existsSync(resolve(wanted)) ? -1 : wanted.lastIndexOf('#');
  const path = resolve(hash > 0 ? wanted.slice(0, hash) : wanted);
  const name = hash > 0 ? wanted.slice(hash + 1) : 'default';
  demandFile(path);
  const program = await pack(path);
  // From here on a stack names the author's lines, which a pipeline's nodes remember.
  process.setSourceMapsEnabled(true);
  const exported = await runAuthorsCode(nearbyPath(path), ' while it is loaded', async () => (await import(pathToFileURL(program).href)) as Readonly<Record<string, unknown>>);
  return { pipeline: choose(exported, name, path), exported };
}

function demandFile(path: string): void {
  const found = findFile(path);
  if (found?.isFile() && PIPELINE_FILE.test(path)) return;
  if (found?.isFile()) throw unloadable(`${nearbyPath(path)} is not a TypeScript or JavaScript file.`, 'Name the file that exports the pipeline, for example pipeline.ts.');
  if (found !== undefined && !found.isDirectory()) throw unloadable(`${nearbyPath(path)} is a pipe or a device, not a file.`, 'Write the pipeline to a file: what it imports is looked for beside it.');
  const folder = found === undefined ? dirname(path) : path;
  const files = findFile(folder)?.isDirectory() ? readdirSync(folder).filter((file) => PIPELINE_FILE.test(file) && !file.endsWith('.d.ts')) : [];
  if (found !== undefined) {
    throw unloadable(`${nearbyPath(path)} is a folder, not a file.`, files.length === 0 ? 'Name the file that exports the pipeline.' : `Name a file in it: ${listed(files.slice(0, 8))}.`);
  }
  const near = closest(basename(path), files) ?? files.find((file) => file.startsWith(`${basename(path)}.`));
  throw unloadable(`There is no file ${nearbyPath(path)}.`, near === undefined ? 'Check the path; it is relative to the folder you are in.' : `Did you mean ${nearbyPath(resolve(folder, near))}?`);
}

function findFile(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    // Newer versions of Node answer so themselves.
    if ((cause as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw new PipewrightError({ code: 'PW902', message: `The pipeline file cannot be looked at: ${(cause as Error).message}.`, fix: 'Check the path, and the right to read it.' }, { cause });
  }
}

interface BuildMessage {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number; readonly column: number } | null;
}

async function pack(path: string): Promise<string> {
  try {
    return await bundleOnce(path);
  } catch (error) {
    const { errors } = (error ?? {}) as { readonly errors?: readonly BuildMessage[] };
    if (!Array.isArray(errors) || errors.length === 0) throw explainFileError(error);
    throw new PipewrightError((errors as readonly BuildMessage[]).slice(0, 10).map((message) => issueOfBuild(message, path)), { cause: error });
  }
}

function explainFileError(cause: unknown): unknown {
  if ((cause as NodeJS.ErrnoException).syscall === undefined) return cause;
  return new PipewrightError(
    { code: 'PW902', message: `The pipeline file cannot be packed: ${(cause as Error).message}.`, fix: 'Give this user a folder to write to: node_modules/.cache where Pipewright is installed, or the one that TMPDIR names.' },
    { cause },
  );
}

function issueOfBuild({ text, location }: BuildMessage, path: string): Issue {
  const where = location === null ? undefined : { file: resolve(dirname(path), location.file), line: location.line, column: location.column + 1 };
  const missing = /^Could not resolve "(.+)"/.exec(text)?.[1];
  if (missing !== undefined) {
    const isPackage = !/^[./]/.test(missing);
    return {
      code: 'PW902',
      message: `The import "${missing}" leads nowhere.`,
      fix: isPackage ? `Install the package: npm install ${missing.split('/').slice(0, missing.startsWith('@') ? 2 : 1).join('/')}.` : 'Correct the path; an import of a file names it with its ending, such as "./steps.ts".',
      location: where,
    };
  }
  return { code: 'PW902', message: `The file cannot be read as TypeScript: ${text}.`, fix: 'Mend it there; tsc or the editor shows the same.', location: where };
}

function choose(exported: Readonly<Record<string, unknown>>, name: string, path: string): Pipeline {
  const names = Object.keys(exported).filter((key) => isPipeline(exported[key]));
  const others = names.filter((key) => key !== 'default');
  const found = exported[name];
  if (isPipeline(found)) {
    if (found.irVersion !== IR_VERSION) throw unloadable(`${nearbyPath(path)} was made with another version of Pipewright (${found.irVersion}, this one reads ${IR_VERSION}).`, 'Use the same version for both.');
    return found;
  }
  const instead = others.length === 0 ? `Write: ${name === 'default' ? 'export default' : `export const ${name} =`} pipeline('name', { … }, ({ task }) => { … }).` : `It exports ${listed(others)}: write ${nearbyPath(path)}#${closest(name, others) ?? others[0]!}.`;
  if (found !== undefined) throw unloadable(`${name === 'default' ? `The default export of ${nearbyPath(path)}` : `The export "${name}" of ${nearbyPath(path)}`} is not a pipeline, but ${describe(found)}.`, instead);
  if (name === '') throw unloadable('After "#" the name of an export is missing.', `Write ${nearbyPath(path)} for the default export.`);
  throw unloadable(name === 'default' ? `${nearbyPath(path)} has no default export.` : `${nearbyPath(path)} has no export "${name}".`, instead);
}

function isPipeline(value: unknown): value is Pipeline {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'Pipeline';
}

function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (value instanceof Promise) return 'a promise';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && 'contract' in value) return 'a step';
  return typeof value === 'object' ? 'another object' : `a ${typeof value}`;
}

function unloadable(message: string, fix: string): PipewrightError {
  return new PipewrightError({ code: 'PW902', message, fix });
}
