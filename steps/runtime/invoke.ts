import { writeFileSync } from 'node:fs';
import { EXIT_CODES, printMessage } from '../../dsl/contract/index.ts';
import { PipewrightError, type Issue } from '../../dsl/errors/index.ts';
import { helpOf } from './help.ts';
import { printLines, speaksProtocol, type Host } from './host.ts';
import { locateInputs, makeRoom } from './locate.ts';
import { parseArguments } from './parse-arguments.ts';
import { perform } from './perform.ts';
import { podOf } from './pod.ts';
import { Staging } from './staging.ts';
import { writeStepRecord } from './step-record.ts';
import { workInPod, type Program, type WorkedInPod } from './work-in-pod.ts';
import { writeResults } from './write-results.ts';

/** Kubernetes reads no more than 4096 bytes of last words. */
const LAST_WORDS = 1000;

/** Reads the command line, does the work, checks and writes what came out of it; returns the exit code. Never rejects. */
export async function invoke(program: Program, words: readonly string[], host: Host): Promise<number> {
  const { contract } = program;
  let staging: Staging | undefined;
  try {
    const given = parseArguments(contract, words);
    if (given === 'help') {
      printLines(host, 'stdout', helpOf(contract));
      return EXIT_CODES.succeeded;
    }
    const started = performance.now();
    const inputs = await locateInputs(contract, given.inputs);
    await makeRoom(given.results);
    staging = await Staging.open(given.outputs);
    const pod = podOf(host.environment);
    const { results, record }: WorkedInPod = pod === undefined
      ? { results: await perform(contract, program.work, { ...given, inputs, outputs: staging.paths }, host) }
      : await workInPod(program, { ...given, inputs }, host, pod, staging);
    if (host.signal.aborted) return EXIT_CODES.terminated;
    await writeResults(contract, results, given.results);
    if (record !== undefined && pod?.record !== undefined) await writeStepRecord(pod.record, { ...record, seconds: Math.round(performance.now() - started) / 1000 });
    await staging.publish();
    return EXIT_CODES.succeeded;
  } catch (error) {
    return host.signal.aborted ? EXIT_CODES.terminated : tellFailure(error, host);
  } finally {
    await staging?.leave();
  }
}

/** Says what went wrong, to the runner and to a person; returns the exit code. */
export function tellFailure(error: unknown, host: Host): number {
  const issues: readonly Issue[] = error instanceof PipewrightError
    ? error.issues
    : [{ code: 'PW301', message: `${error instanceof Error ? error.message : String(error)}`, fix: 'Run the step with PIPEWRIGHT_DEBUG=1 to see where.' }];
  const [first] = issues as readonly [Issue];
  const message = issues.map((issue) => issue.message).join(' ');
  if (speaksProtocol(host)) host.print('stdout', printMessage({ type: 'failure', code: first.code, message, fix: first.fix }));
  for (const issue of issues) printLines(host, 'stderr', `${issue.code}: ${issue.message}\n  → ${issue.fix}`);
  if (host.environment['PIPEWRIGHT_DEBUG'] && error instanceof Error && error.stack !== undefined) printLines(host, 'stderr', error.stack);
  if (host.terminationLog !== undefined) leaveWords(host.terminationLog, `${first.code}: ${message}`);
  return issues.some(({ code }) => code.startsWith('PW50')) ? EXIT_CODES.refused : EXIT_CODES.failed;
}

function leaveWords(path: string, words: string): void {
  try {
    writeFileSync(path, words.slice(0, LAST_WORDS));
  } catch {
    // A reason nobody can read must not hide the failure itself.
  }
}
