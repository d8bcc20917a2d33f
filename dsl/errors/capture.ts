import { fileURLToPath } from 'node:url';
import type { SourceLocation } from './location.ts';

/** Frames of the library itself are skipped: the author's own line is the first one outside these folders. */
const LIBRARY = fileURLToPath(new URL('../', import.meta.url));

interface Captured { readonly stack?: string }

/**
 * Remembers where the author's code is just now. Reading the stack is dear (source maps are applied), so it is
 * read only when somebody asks for a field: a pipeline of a thousand tasks that has no mistake never pays.
 *
 * `file` is an absolute path; messages and emitted documents make it relative (`relativeTo`).
 */
export function captureLocation(): SourceLocation | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 12;
  const captured: Captured = new Error();
  Error.stackTraceLimit = limit;
  let found: SourceLocation | undefined;
  const read = (): SourceLocation => (found ??= firstForeignFrame(captured.stack ?? '') ?? { file: 'unknown', line: 1, column: 1 });
  return Object.freeze({
    get file() { return read().file; },
    get line() { return read().line; },
    get column() { return read().column; },
  });
}

const FRAME = /(?:^|\()((?:file:\/\/)?\/[^()]*?|[A-Za-z]:\\[^()]*?):(\d+):(\d+)\)?$/;

function firstForeignFrame(stack: string): SourceLocation | undefined {
  for (const line of stack.split('\n').slice(1)) {
    const match = FRAME.exec(line.trim().replace(/^at (async )?/, ''));
    if (!match) continue;
    const file = match[1]!.startsWith('file://') ? fileURLToPath(match[1]!.replace(/\?.*$/, '')) : match[1]!.replace(/\?.*$/, '');
    if (file.startsWith(LIBRARY) || file.startsWith('node:')) continue;
    return { file, line: Number(match[2]), column: Number(match[3]) };
  }
  return undefined;
}
