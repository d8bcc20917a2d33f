import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PipewrightError } from '../../dsl/errors/index.ts';

/** What kind-config.yaml, manifests/ and the like are relative to. */
export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

const WHERE_FROM = {
  kind: 'Install kind (https://kind.sigs.k8s.io), or name a cluster of your own with --context.',
  kubectl: 'Install kubectl (https://kubernetes.io/docs/tasks/tools).',
  docker: 'Install Docker, or name a cluster of your own with --context.',
} as const;

export type Program = keyof typeof WHERE_FROM;

export interface Ended {
  readonly code: number;
  /** What it printed, at most the last million characters. */
  readonly output: string;
  readonly complaints: string;
}

/** Runs a program with its output kept. Throws PW905 when there is no such program; any exit code is an answer. */
export function run(program: Program, words: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd: PROJECT, stdio: ['ignore', 'pipe', 'pipe'] });
    let [output, complaints] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-1_000_000)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-1_000_000)));
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const message = cause.code === 'ENOENT' ? `There is no program "${program}" on this machine.` : `"${program}" cannot be run: ${cause.message}.`;
      reject(new PipewrightError({ code: 'PW905', message, fix: WHERE_FROM[program] }, { cause }));
    });
    child.once('close', (code) => resolve({ code: code ?? 1, output, complaints }));
  });
}

/** The same; throws PW905 with what the program said when it fails. */
export async function runWell(program: Program, words: readonly string[], fix: string): Promise<string> {
  const { code, output, complaints } = await run(program, words);
  if (code === 0) return output;
  throw new PipewrightError({ code: 'PW905', message: `${[program, ...words].join(' ')} ended with code ${code}: ${lastWords(complaints || output)}`, fix });
}

/** The lines that matter of what a failing program says: its errors, or its last three. */
export function lastWords(text: string): string {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const errors = lines.filter((line) => /error/i.test(line));
  return (errors.length > 0 ? errors : lines).slice(-3).join(' ').slice(0, 1000) || 'it did not say why';
}
