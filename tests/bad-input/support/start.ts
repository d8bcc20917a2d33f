import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { plainEnvironment, PROJECT, settle, type Told } from './call.ts';

const BIN = join(PROJECT, 'cli/bin.mjs');
/** Nobody in particular; the right to do everything would hide what is tested. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

export interface Call {
  readonly environment?: NodeJS.ProcessEnv;
  /** What a shell does first; then it becomes the command line. */
  readonly shell?: string;
  readonly isNobody?: true;
  /** The reader goes away after the first output. */
  readonly stopsReading?: true;
  readonly interruptAfterMs?: number;
}

/** Calls the real command line; what a shell would show as its exit code. */
export async function start(folder: string, words: readonly string[], { environment = plainEnvironment(), shell = '', isNobody, stopsReading, interruptAfterMs }: Call): Promise<Told> {
  const child = spawn('/bin/sh', ['-c', `${shell} exec "$@"`, 'sh', process.execPath, BIN, ...words], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'], ...(isNobody ? NOBODY : {}) });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (stopsReading) child.stdout.destroy();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  if (interruptAfterMs !== undefined) setTimeout(() => child.kill('SIGINT'), interruptAfterMs);
  const [code, signal] = await new Promise<readonly [number | null, string | null]>((resolve) => child.once('close', (...ended) => resolve(ended)));
  return { code: signal === 'SIGINT' ? 130 : (code ?? -1), text: settle(text, folder) };
}
