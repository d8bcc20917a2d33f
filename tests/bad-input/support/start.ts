import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { plainEnvironment, PROJECT, settle, type Told } from './call.ts';

export const BIN = join(PROJECT, 'cli/bin.mjs');
/**
 * Root's right to do everything would hide what is tested. It is given up inside the process, because nobody in particular
 * may not even start the Node of root's own folder.
 */
const BECOME_NOBODY = process.getuid?.() === 0 ? ['--import', 'data:text/javascript,process.setgroups([]);process.setgid(65534);process.setuid(65534);'] : [];

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
  const child = spawn('/bin/sh', ['-c', `${shell} exec "$@"`, 'sh', process.execPath, ...(isNobody ? BECOME_NOBODY : []), BIN, ...words], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
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
