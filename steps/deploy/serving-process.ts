import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PipewrightError } from '../../dsl/errors/index.ts';

/** A model server in a process of its own. */
export interface ServingProcess {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/** From the start to the first line, and from SIGTERM to SIGKILL. */
const START_SECONDS = 30;
const STOP_SECONDS = 5;

/**
 * Starts the model server on a folder, on any free port. It is this step's own program with the word `serve`, so what is
 * proven is what the image serves. PW507 with the server's own words when it refuses the model.
 */
export async function startServing(folder: string, name: string, signal: AbortSignal): Promise<ServingProcess> {
  const words = [...programWords(), 'serve', '--folder', folder, '--model', name, '--port', '0', '--poll', '0'];
  // Nothing of the step's own environment but what a program needs to start: settings must not leak in.
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, words, { env: { PATH, HOME, TMPDIR }, stdio: ['ignore', 'pipe', 'pipe'], signal, killSignal: 'SIGKILL' });
  child.on('error', () => undefined);
  const ended = once(child, 'close').catch(() => undefined);
  const complaints: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => complaints.push(line));
  const timer = setTimeout(() => child.kill('SIGKILL'), START_SECONDS * 1000);
  try {
    const url = await Promise.race([firstAddress(child), ended.then(() => undefined)]);
    signal.throwIfAborted();
    if (url === undefined) throw refused(complaints);
    if (!(await isReady(url, ended))) throw refused(complaints);
    return { url, stop: () => end(child, ended) };
  } catch (error) {
    child.kill('SIGKILL');
    await ended;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** How this program is started again: as it is in a bundle, or by way of tsx from its sources. */
function programWords(): string[] {
  const self = fileURLToPath(import.meta.url);
  if (!self.endsWith('.ts')) return [self];
  const tsx = createRequire(import.meta.url).resolve('tsx');
  return ['--import', pathToFileURL(tsx).href, join(dirname(self), 'main.ts')];
}

async function firstAddress(child: ChildProcess): Promise<string | undefined> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /^Listening on (http:\/\/\S+)$/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  return undefined;
}

/** Asks until the server has loaded, verified and warmed the model; false when it ends instead. */
async function isReady(url: string, ended: Promise<unknown>): Promise<boolean> {
  let over = false;
  void ended.then(() => (over = true));
  while (!over) {
    const answer = await fetch(`${url}/v2/health/ready`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS * 1000);
  await ended;
  clearTimeout(timer);
}

/** The server ends with an issue in words, as `formatIssue` prints it: code, message, and after an arrow what to do. */
function refused(lines: readonly string[]): PipewrightError {
  const words = lines.filter((line) => line.startsWith('  ')).map((line) => line.trim());
  const fix = words.find((line) => line.startsWith('→ '))?.slice(2);
  const said = words.filter((line) => !line.startsWith('→ ')).join(' ');
  return new PipewrightError({
    code: lines.some((line) => line.startsWith('error PW506')) ? 'PW506' : 'PW507',
    message: `A model server would not serve the model: ${said === '' ? `it ended, or was not ready within ${START_SECONDS} s.` : said}`,
    fix: fix ?? 'Train the model again with the release that is to serve it.',
  });
}
