import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The diagnostics of tests/types/wrong, by line. tsc's own command line is asked, as an author would. */
async function diagnose(): Promise<ReadonlyMap<number, string>> {
  const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
  const output = await promisify(execFile)(process.execPath, [tsc, '-p', 'tests/types/wrong/tsconfig.json', '--pretty', 'false'], { cwd: root }).then(
    ({ stdout }) => stdout,
    (failed: { stdout: string }) => failed.stdout,
  );
  const found = new Map<number, string>();
  let line = 0;
  for (const text of output.split('\n')) {
    const start = /^\S+wiring\.ts\((\d+),\d+\): error (.*)$/.exec(text);
    if (start) line = Number(start[1]);
    found.set(line, `${found.get(line) ?? ''}${start ? start[2] : text}\n`);
  }
  found.delete(0);
  return found;
}

describe('wrong wiring', () => {
  it('is refused in the editor, at its line, with a sentence that says what to do', { timeout: 120_000 }, async () => {
    const lines = readFileSync(new URL('./wrong/wiring.ts', import.meta.url), 'utf8').split('\n');
    const expected = new Map<number, string>();
    lines.forEach((text, index) => {
      const sentence = /^\s*\/\/ @error (.*)$/.exec(text)?.[1];
      if (sentence !== undefined) expected.set(index + 2, sentence);
    });
    const found = await diagnose();
    expect([...found.keys()].sort((a, b) => a - b), 'the lines with an error').toEqual([...expected.keys()]);
    for (const [line, sentence] of expected) expect(found.get(line), lines[line - 1]!.trim()).toContain(sentence);
    expect(expected.size).toBeGreaterThan(18);
  });
});
