import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

/** What a person reads in place of the folder in which a test works. */
const SHOWN_FOLDER = '/home/ada/demo';

export interface Told {
  readonly code: number;
  /** Standard output and standard error, as they came. */
  readonly text: string;
}

export interface CallOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Ctrl-C as soon as this was printed. */
  readonly interruptAt?: string;
}

/** A temporary folder in which an author has installed Pipewright. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-bad-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(PROJECT, join(folder, 'node_modules', 'pipewright'));
  return folder;
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** A folder of an author, in which `pipewright` is installed, and the command line to be called in it. */
export class Author {
  readonly folder: string;
  readonly #worker: ChildProcess;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, worker: ChildProcess) {
    this.folder = folder;
    this.#worker = worker;
  }

  static async create(): Promise<Author> {
    const author = new Author(await makeFolder(), fork(join(import.meta.dirname, 'worker.mjs'), { env: plainEnvironment() }));
    await once(author.#worker, 'message');
    return author;
  }

  async remove(): Promise<void> {
    this.#worker.kill();
    await removeFolder(this.folder);
  }

  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    await writeFile(this.path(name), content);
  }

  /** Calls `pipewright` with these words; calls wait for each other. */
  async call(words: readonly string[], options: CallOptions = {}): Promise<Told> {
    const before = this.#last;
    const answer = (async () => {
      await before;
      this.#worker.send({ folder: this.folder, words, ...options });
      const [told] = (await once(this.#worker, 'message')) as [Told];
      return { code: told.code, text: settle(told.text, this.folder) };
    })();
    this.#last = answer.catch(() => undefined);
    return answer;
  }
}

/** Without what would change an answer. */
export function plainEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name, value]) => value !== undefined && !/^(PIPEWRIGHT_|S3_|AWS_|FORCE_COLOR|NODE_OPTIONS|VITEST|NODE_ENV)/.test(name));
  return { ...(Object.fromEntries(kept) as Record<string, string>), NO_COLOR: '1' };
}

/** What differs from call to call, made the same: where and when. */
export function settle(text: string, folder: string): string {
  return text
    .replaceAll(folder, SHOWN_FOLDER)
    .replaceAll(PROJECT, '/home/ada/pipewright/')
    .replaceAll(/\d{8}-\d{6}-\d{3}-[a-z0-9]{4}/g, '20260131-235959-123-k3f9');
}

export interface Printed {
  readonly code: string;
  readonly message: string;
}

/** Every error in what was printed, see dsl/errors/format.ts. */
export function errorsIn(text: string): readonly Printed[] {
  return [...text.matchAll(/^error (PW\d{3})\b[^\n]*\n((?: {2}(?!→ )[^\n]*\n)+) {2}→ /gm)].map(([, code, message]) => ({
    code: code!, message: message!.split('\n').map((line) => line.slice(2)).join('\n').trimEnd(),
  }));
}

/** No line of a stack may reach a user. */
export function hasStackTrace(text: string): boolean {
  return /^\s+at .+:\d+:\d+\)?$/m.test(text) || /node:internal/.test(text);
}
