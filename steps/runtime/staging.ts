import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PipewrightError, type Issue } from '../../dsl/errors/index.ts';

/** Beside where the outputs will stand, so that a rename stays inside one file system. Readers of collections skip such names. */
const FOLDER = '.pipewright-attempt';

/**
 * Where an attempt writes its outputs, until all of them are whole. Argo uploads what stands at an output's path whether
 * or not the step succeeded, and a folder's files by name: half of a failed attempt would mix with the next one.
 */
export class Staging {
  /** Where to write each output. */
  readonly paths: Readonly<Record<string, string>>;
  readonly #targets: Readonly<Record<string, string>>;
  readonly #folders: readonly string[];

  private constructor(targets: Readonly<Record<string, string>>) {
    this.#targets = targets;
    this.paths = Object.fromEntries(Object.entries(targets).map(([name, path]) => [name, join(dirname(path), FOLDER, basename(path))]));
    this.#folders = [...new Set(Object.values(this.paths).map((path) => dirname(path)))];
  }

  /** Makes room. PW501 for an output whose place is a folder with something in it: it could not be replaced in one step. */
  static async open(targets: Readonly<Record<string, string>>): Promise<Staging> {
    const issues: Issue[] = [];
    for (const [name, path] of Object.entries(targets)) {
      const inside = await readdir(path).catch(() => []);
      if (inside.length > 0) issues.push({ code: 'PW501', message: `The place of the output "${name}", ${path}, is a folder that is not empty.`, fix: 'Remove it, or give another path.' });
    }
    if (issues.length > 0) throw new PipewrightError(issues);
    const staging = new Staging(targets);
    await staging.clear();
    return staging;
  }

  /** Takes away what was written so far; the places are there and empty. */
  async clear(): Promise<void> {
    await this.#remove();
    for (const folder of this.#folders) await mkdir(folder, { recursive: true });
  }

  /** Lets the outputs appear at their paths, each in one step. */
  async publish(): Promise<void> {
    for (const [name, path] of Object.entries(this.paths)) await rename(path, this.#targets[name]!);
    await this.#remove();
  }

  /** What a failed attempt wrote stays, for whoever looks into it; an empty place goes. */
  async leave(): Promise<void> {
    for (const folder of this.#folders) await rmdir(folder).catch(() => undefined);
  }

  async #remove(): Promise<void> {
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
