import { existsSync, realpathSync } from 'node:fs';
import { EXIT_CODES } from '../../dsl/contract/index.ts';
import type { Host } from './host.ts';
import { tellFailure } from './invoke.ts';
import { codeOf } from './own-code.ts';

/** How long a step may tidy up after SIGTERM. The local runner waits 5 s before SIGKILL, Kubernetes 30. */
const TIDY_SECONDS = 3;
const TERMINATION_LOG = '/dev/termination-log';

/** What `main` needs of an implementation, whatever its ports are. */
interface Startable {
  readonly invoke: (words: readonly string[], host: Host) => Promise<number>;
}

/** Starts a step as a program of its own: reads the command line, handles SIGTERM, ends with an exit code. All that a `main.ts` does. */
export async function main(implementation: Startable): Promise<void> {
  const controller = new AbortController();
  const host: Host = {
    environment: process.env,
    // Writes to pipes and files are synchronous on POSIX systems, so nothing is lost when the process exits.
    print: (stream, line) => void process[stream].write(`${line}\n`),
    signal: controller.signal,
    codeOf: () => codeOf(realpathSync(process.argv[1]!)),
    ...(existsSync(TERMINATION_LOG) ? { terminationLog: TERMINATION_LOG } : {}),
  };
  const end = (): void => {
    controller.abort();
    setTimeout(() => process.exit(EXIT_CODES.terminated), TIDY_SECONDS * 1000).unref();
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('uncaughtException', (error) => process.exit(tellFailure(error, host)));
  process.exit(await implementation.invoke(process.argv.slice(2), host));
}
