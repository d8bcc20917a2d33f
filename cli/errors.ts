import { relative, sep } from 'node:path';
import { formatIssue, type Issue } from '../dsl/errors/index.ts';
import { whereThrown } from './load/where-thrown.ts';

/** 0 good, 1 the run failed, 2 wrong use, 130 cancelled (128 + SIGINT, as shells have it). */
export const EXIT = { good: 0, failed: 1, misused: 2, cancelled: 130 } as const;

/** For the end of every help text. */
export const EXIT_CODES_HELP = 'Exit codes: 0 good, 1 failed, 2 called wrongly or the pipeline has mistakes, 130 cancelled.';

/** Mistakes of the caller or of the pipeline's author; everything else is a failure. */
const MISUSE = /^PW(1\d\d|2\d\d|307|412|413|505|601|901|902|903)$/;

/** The issues of an error that is meant for a user; undefined for any other. A pipeline file brings its own copy of the class. */
export function issuesOf(error: unknown): readonly Issue[] | undefined {
  const { name, issues } = (error ?? {}) as { readonly name?: unknown; readonly issues?: unknown };
  return name === 'PipewrightError' && Array.isArray(issues) && issues.length > 0 ? (issues as readonly Issue[]) : undefined;
}

/** Tells the user of an error and returns the exit code for it. No stack trace unless PIPEWRIGHT_DEBUG is set. */
export function reportError(error: unknown): number {
  const issues = issuesOf(error) ?? [unexpected(error)];
  printIssues(issues);
  if (process.env['PIPEWRIGHT_DEBUG']) process.stderr.write(`\n${inDepth(error)}\n`);
  return issues.every((issue) => MISUSE.test(issue.code)) ? EXIT.misused : EXIT.failed;
}

export function printIssues(issues: readonly Issue[]): void {
  process.stderr.write(`${issues.map((issue) => formatIssue(nearby(issue))).join('\n\n')}\n`);
}

/** An author reads `pipeline.ts:12:5`, not where the home folder is. */
function nearby(issue: Issue): Issue {
  if (issue.location === undefined) return issue;
  const { file, line, column } = issue.location;
  return { ...issue, location: { file: nearbyPath(file), line, column } };
}

/** Relative to the working folder if it is in it. */
export function nearbyPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near === '' ? '.' : near.startsWith(`..${sep}..${sep}`) ? path : near;
}

function unexpected(error: unknown): Issue {
  if ((error as NodeJS.ErrnoException | undefined)?.syscall === 'uv_cwd') {
    return { code: 'PW901', message: 'The folder that you are in has been removed.', fix: 'Change to another one, for example with "cd".' };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'PW999',
    location: whereThrown(error),
    message: `Something unexpected happened: ${message.split('\n')[0] || 'an error without a message'}`,
    fix: 'Set PIPEWRIGHT_DEBUG=1 to see where, and please report it.',
  };
}

function inDepth(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? (error.stack ?? error.message) : `${error.stack ?? error.message}\ncaused by ${inDepth(error.cause)}`;
}
