import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emit } from '../../dsl/argo/index.ts';
import { corpus, type CorpusName } from './corpus.ts';
import { compileCorpus } from './support.ts';

const guide = readFileSync(new URL('../../docs/guides/argo.md', import.meta.url), 'utf8');
const fragments = [...guide.matchAll(/```yaml ([a-z-]+)\n([\s\S]*?)```/g)].map((match) => ({ name: match[1]!, lines: match[2]!.trimEnd().split('\n') }));

/** Whether the lines stand in the text one after the other, all moved to the right by the same number of places. */
function contains(text: readonly string[], fragment: readonly string[]): boolean {
  return text.some((line, start) => {
    const indent = ' '.repeat(line.length - line.trimStart().length);
    return fragment.every((wanted, offset) => text[start + offset] === indent + wanted);
  });
}

describe('the guide to Argo', () => {
  it('shows something for most of the constructs', () => {
    expect(fragments.length).toBeGreaterThan(12);
    expect(guide.match(/```yaml/g)).toHaveLength(fragments.length);
  });

  it.each(fragments.map(({ name, lines }, index) => [index + 1, name, lines] as const))('shows in fragment %i what %s really becomes', (_, name, lines) => {
    expect(Object.keys(corpus)).toContain(name);
    const printed = emit(compileCorpus(name as CorpusName), 'test').split('\n');
    expect(contains(printed, lines), lines.join('\n')).toBe(true);
  });
});
