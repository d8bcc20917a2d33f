import { isAbsolute, relative } from 'node:path';

/** A place in a file that a person wrote. Lines and columns start at 1. */
export interface SourceLocation {
  /** An absolute path while it is in memory; people see it relative to where they are. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `pipeline/pipeline.ts:12:5`, which terminals and editors make a link of. */
export function formatLocation({ file, line, column }: SourceLocation): string {
  const shown = isAbsolute(file) ? relative(process.cwd(), file) : file;
  return `${shown.startsWith('..') ? file : shown}:${line}:${column}`;
}
