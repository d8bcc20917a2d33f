import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Linux takes no longer word than MAX_ARG_STRLEN, 32 pages with the final NUL; see execve(2). */
const LONGEST_WORD_BYTES = 128 * 1024 - 1;

/**
 * What Argo does with a word that is too long: it becomes `@` and the path of a file that holds it, which the harness of
 * TypeScript steps reads. The file is written below `folder`, which the step sees as `seenAs`.
 */
export function shortenWords(words: readonly string[], folder: string, seenAs: string): readonly string[] {
  return words.map((word, index) => {
    if (Buffer.byteLength(word) <= LONGEST_WORD_BYTES) return word;
    mkdirSync(join(folder, 'arguments'), { recursive: true });
    writeFileSync(join(folder, 'arguments', String(index)), word);
    return `@${seenAs}/arguments/${index}`;
  });
}
