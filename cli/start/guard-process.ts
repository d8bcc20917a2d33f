import { EXIT, printIssues, reportError } from '../errors.ts';

/** Time for the last output to leave before a process that something keeps alive is ended. */
const LINGER_MS = 200;

/**
 * For the process that a command line has to itself: whatever happens in it ends with a sentence and an exit code.
 * Call it before the command, and what it returns with the command's exit code: that gives the code of the process.
 */
export function guardProcess(): (code: number) => Promise<number> {
  let broken: Error | undefined;
  // A reader that had enough (`| head`) is no fault: the work goes on without it.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') broken ??= error;
  });
  process.stderr.on('error', () => undefined);
  process.on('uncaughtException', (error) => process.exit(reportError(error)));
  let isOver = false;
  // In a turn of its own: whoever waits may know better what to say of it (load/authors-code.ts).
  process.once('beforeExit', () => setImmediate(() => {
    if (!isOver) process.exit(reportError(new Error('the command waits for something that never comes')));
  }));
  return async (code) => {
    isOver = true;
    // A stream tells of its failure a turn later.
    await new Promise((resolve) => process.stdout.write('', () => setImmediate(resolve)));
    // A timer that a pipeline file has left behind must not keep the prompt away.
    setTimeout(() => process.exit(), LINGER_MS).unref();
    if (broken === undefined) return code;
    printIssues([{ code: 'PW901', message: `What was to be printed could not be written: ${broken.message}.`, fix: 'Free some space, or send the output somewhere else.' }]);
    return code === EXIT.good ? EXIT.misused : code;
  };
}
