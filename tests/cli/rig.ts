import { spawn } from 'node:child_process';
import { mkdtemp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const BIN = join(PROJECT, 'cli/bin.mjs');

export interface Spoken {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A temporary folder in which the real command line is called, in a process of its own. */
export class Rig {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(files: Readonly<Record<string, string>> = {}): Promise<Rig> {
    const rig = new Rig(await mkdtemp(join(tmpdir(), 'pipewright-cli-')));
    for (const [name, text] of Object.entries(files)) await rig.write(name, text);
    return rig;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** Writes a file; in a pipeline `pipewright` stands for the library's public names. */
  async write(name: string, text: string): Promise<void> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    await writeFile(this.path(name), text.replaceAll("from 'pipewright'", `from ${JSON.stringify(join(PROJECT, 'dsl/index.ts'))}`));
  }

  /** Calls `pipewright` with these words and waits for its end. */
  async call(...words: readonly string[]): Promise<Spoken> {
    return this.start(words).ended;
  }

  /** Calls it, demands that all went well, and returns what it printed. */
  async ask(...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.call(...words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  }

  start(words: readonly string[], environment: Readonly<Record<string, string>> = {}): { readonly ended: Promise<Spoken>; readonly pid: number; until(text: string): Promise<void>; told(): string; signal(name: NodeJS.Signals): void } {
    const { FORCE_COLOR: _, ...inherited } = process.env;
    const child = spawn(process.execPath, [BIN, ...words], { cwd: this.folder, env: { ...inherited, NO_COLOR: '1', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    const waiting = new Set<() => void>();
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      for (const look of waiting) look();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    return {
      pid: child.pid!,
      ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr }))),
      until: (text) =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            if (!stdout.includes(text)) return;
            waiting.delete(look);
            resolve();
          };
          waiting.add(look);
          child.once('close', () => reject(new Error(`ended without "${text}": ${stdout}${stderr}`)));
          look();
        }),
      told: () => stdout,
      signal: (name) => void child.kill(name),
    };
  }

  /** Identifiers of the runs, the oldest first. */
  async runs(): Promise<readonly string[]> {
    return (await readdir(this.path('.pipewright/runs')).catch(() => [])).sort();
  }
}

/** What differs from run to run, replaced by a word: identifiers, times, durations, digests of the code. */
export function settle(text: string): string {
  return text
    .replaceAll(/\d{8}-\d{6}-\d{3}-[a-z0-9]{4}/g, '<run>')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, '<time>')
    .replaceAll(/\b\d+(?:\.\d+)? (?:ms|s)\b/g, '<duration>')
    .replaceAll(/ +(?=<duration>)/g, ' ');
}

/** No line of a stack may reach a user. */
export function hasStackTrace(text: string): boolean {
  return /^\s+at .+:\d+:\d+\)?$/m.test(text) || /node:internal/.test(text);
}
