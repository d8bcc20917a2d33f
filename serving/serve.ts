import { formatIssues, PipewrightError, type Issue } from '../dsl/errors/index.ts';
import type { LineSink } from './log.ts';
import { startServer, type RunningServer } from './server.ts';
import { HELP, readSettings, type Environment } from './settings.ts';

export interface ServeOptions {
  readonly argv: readonly string[];
  readonly environment: Environment;
  readonly stdout: LineSink;
  readonly stderr: LineSink;
}

/** Command lines and settings that are wrong; sysexits.h calls it EX_USAGE. */
const USAGE = 64;
const ENDING_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * The server as a command: reads settings, serves until SIGTERM or SIGINT, answers the exit code. 0 after a clean end, 1
 * when requests were cut off or there is nothing to serve, 64 for settings that are wrong. A second signal ends it at once.
 *
 * On standard output it prints one line, `Listening on http://HOST:PORT`; all else goes to standard error.
 */
export async function serve({ argv, environment, stdout, stderr }: ServeOptions): Promise<number> {
  try {
    const settings = readSettings(argv, environment);
    if (settings === 'help') {
      stdout.write(HELP);
      return 0;
    }
    const server = await startServer(settings, { environment, log: stderr });
    stdout.write(`Listening on ${server.url}\n`);
    return await serveUntilSignal(server, settings.origin.kind === 'folder');
  } catch (error) {
    const issues: readonly Issue[] = error instanceof PipewrightError ? error.issues : [unexpected(error)];
    stderr.write(`${formatIssues(issues)}\n`);
    return issues[0]!.code === 'PW601' ? USAGE : 1;
  }
}

/**
 * With `needsModel` a first load that fails ends the server: a folder does not mend itself. A registry may get its first
 * version later, so there the server waits, not ready.
 */
async function serveUntilSignal(server: RunningServer, needsModel: boolean): Promise<number> {
  const onHangup = (): void => void server.refresh();
  process.on('SIGHUP', onHangup);
  const signal = nextSignal();
  try {
    if (needsModel) {
      const [outcome] = await server.firstLoad;
      if (outcome?.kind === 'failed') {
        await server.drain('no model');
        throw outcome.error;
      }
    }
    const reason = await signal.received;
    // Whoever asks twice does not want to wait.
    void nextSignal().received.then(() => process.exit(1));
    return (await server.drain(reason)) ? 0 : 1;
  } finally {
    signal.forget();
    process.removeListener('SIGHUP', onHangup);
  }
}

function nextSignal(): { readonly received: Promise<string>; forget(): void } {
  let forget = (): void => {};
  const received = new Promise<string>((resolve) => {
    forget = () => {
      for (const name of ENDING_SIGNALS) process.removeListener(name, onSignal);
    };
    const onSignal = (name: string): void => {
      forget();
      resolve(name);
    };
    for (const name of ENDING_SIGNALS) process.on(name, onSignal);
  });
  return { received, forget };
}

function unexpected(error: unknown): Issue {
  return { code: 'PW999', message: `The server stopped on an error that it does not know: ${error instanceof Error ? error.message : String(error)}.`, fix: 'Report it, with what the server was doing.' };
}
