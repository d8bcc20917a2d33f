import { PipewrightError, type Issue } from '../../dsl/errors/index.ts';
import { EXIT, issuesOf, printIssues } from '../errors.ts';
import { whereThrown } from './where-thrown.ts';

/**
 * Runs code of the pipeline's author in this process. However it goes wrong, PW902 tells of it: it throws, now or from a
 * timer; it waits for ever; or it ends the process, for which there is no way back but a sentence and an exit code.
 * What it throws as a PipewrightError is passed on. `what` begins the sentence, such as "pipeline.ts", and `when` ends it.
 */
export async function runAuthorsCode<T>(what: string, when: string, work: () => Promise<T>): Promise<T> {
  let stopListening = (): void => undefined;
  const failure = new Promise<never>((_, reject) => {
    const onIdle = (): void => reject(new PipewrightError(issue(`${what} waits for something that never comes`, 'Look at what it awaits.')));
    const onExit = (): void => {
      printIssues([issue(`${what} ends the program${when}`, 'Take out its process.exit(): it is not there to end anything.')]);
      process.exitCode = EXIT.misused;
    };
    process.once('beforeExit', onIdle).once('exit', onExit);
    process.setUncaughtExceptionCaptureCallback((error) => reject(thrown(what, when, error)));
    stopListening = () => {
      process.off('beforeExit', onIdle).off('exit', onExit);
      process.setUncaughtExceptionCaptureCallback(null);
    };
  });
  try {
    return await Promise.race([work(), failure]);
  } catch (error) {
    throw issuesOf(error) === undefined ? thrown(what, when, error) : error;
  } finally {
    stopListening();
  }
}

function thrown(what: string, when: string, error: unknown): PipewrightError {
  const message = error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]!}` : String(error);
  const where = whereThrown(error);
  const fix = `Mend ${where === undefined ? 'what throws it' : 'the line named'}; a pipeline file only describes, so nothing in it should fail.`;
  return new PipewrightError({ ...issue(`${what} fails${when}: ${message.replace(/\.$/, '')}`, fix), location: where }, { cause: error });
}

function issue(sentence: string, fix: string): Issue {
  return { code: 'PW902', message: `${sentence}.`, fix };
}
