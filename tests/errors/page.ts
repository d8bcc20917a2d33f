import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PATH = fileURLToPath(new URL('../../docs/ERRORS.md', import.meta.url));

/** An entry of docs/ERRORS.md. */
export interface Entry {
  readonly code: string;
  readonly title: string;
  /** Between the heading and the example. */
  readonly meaning: string;
  readonly example: string;
  readonly mend: string;
}

const ENTRY = /^## (PW\d{3}) (.+)\n\n([^]*?)\n\n```text\n([^]*?)```\n\n\*\*Mend\.\*\* ([^\n]+)\n/gm;

export function readEntries(): readonly Entry[] {
  return [...readFileSync(PATH, 'utf8').matchAll(ENTRY)].map(([, code, title, meaning, example, mend]) => ({ code: code!, title: title!, meaning: meaning!, example: example!, mend: mend! }));
}

/** All headings that look like an entry's, so that one which does not keep to the form is noticed. */
export function readHeadings(): readonly string[] {
  return [...readFileSync(PATH, 'utf8').matchAll(/^#+ +(PW\d{3}.*)$/gm)].map(([, heading]) => heading!);
}

/** Puts an example in place of the old one. */
export function writeExample(code: string, example: string): void {
  const page = readFileSync(PATH, 'utf8');
  writeFileSync(PATH, page.replace(new RegExp(`(## ${code} [^]*?\`\`\`text\n)[^]*?(\`\`\`)`), (_, before: string, after: string) => `${before}${example}${after}`));
}
