import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { emit, printYaml } from '../../dsl/argo/index.ts';
import { corpus, type CorpusName } from './corpus.ts';
import { ODD_TEXTS } from './random-pipeline.ts';
import { compileCorpus } from './support.ts';

const MISREAD = [
  'y', 'Y', 'n', 'N', 'yes', 'No', 'on', 'ON', 'off', 'true', 'False', 'null', 'Null', '~', '', ' ', '1', '-1', '+1', '0x1F', '0o7', '0b1', '1_000', '1e3', 'e5', '-E7', 'e+1', '.5', '.inf', '-.INF', '.nan', '1:30', '12:30:45', '2024-01-01',
  '2001-12-14t21:59:43.10-05:00', '=', '<<', '-', '- a', '? a', ': a', 'a: b', 'a #b', '#a', '&a', '*a', '!a', '|', '>', '%a', '@a', '`a', '{a}', '[a]', 'a,b', '"a"', "'a'", "it's", 'a:', 'a: ', ' a', 'a ', 'a\n', '\na', 'a\n\nb', 'a\n\n\n',
  ' a\nb', 'a\n b\n', 'a\n \nb', 'a\tb', 'a\r\nb', '\u0085', '\u2028', '\ufeff', '\u0000', '\u007f', '\ufffe', '---', '--- a', '...', '--flag', '-c', '--n=1', '/a/b', 'node', 'a b c', 'http://a/b', 'image:1.2@sha256:abc', ...ODD_TEXTS,
];

const texts = fc.oneof(fc.constantFrom(...MISREAD), fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('a', ' ', '\n', ':', '#', '-', '"', "'", '\\', '{', '1', '\t') }));
const scalars = fc.oneof(texts, fc.integer(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true }));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalars,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(texts.filter((key) => key !== '__proto__'), tie('value'), { maxKeys: 4 }),
  ),
}));

describe('the YAML printer', () => {
  it.each(['1.1', '1.2'] as const)('prints what YAML %s reads back', (version) => {
    fc.assert(fc.property(value, (given) => {
      // Two documents: the end of one must not swallow the beginning of the next.
      const [first, second] = parseAllDocuments(`${printYaml(given)}---\n${printYaml({ after: 1 })}`, { version });
      expect(first!.errors).toEqual([]);
      expect(first!.toJS()).toEqual(normal(given));
      expect(second!.toJS()).toEqual({ after: 1 });
    }), { numRuns: 400 });
  });

  it.each(MISREAD)('keeps %j a text', (text) => {
    for (const version of ['1.1', '1.2'] as const) {
      expect(parse(printYaml({ key: text, list: [text], [text]: 'key' }), { version })).toEqual({ key: text, list: [text], [text]: 'key' });
    }
  });

  it('puts what a reader looks for first, sorts the rest and leaves out what is undefined', () => {
    const printed = printYaml({ spec: { b: [{ value: '1', name: 'x' }, { name: 'y' }], a: undefined, c: {} }, metadata: { labels: { z: 'z', a: 'a' }, name: 'n' }, kind: 'K', apiVersion: 'v1' });
    expect(printed).toBe(`apiVersion: v1
kind: K
metadata:
  name: 'n'
  labels:
    a: a
    z: z
spec:
  b:
  - name: x
    value: '1'
  - name: 'y'
  c: {}
`);
  });

  it('prints a script as a block and does not fold long lines', () => {
    const line = 'x '.repeat(200).trim();
    expect(printYaml({ args: ['a\n  b\n', line] })).toBe(`args:\n- |\n    a\n      b\n- ${line}\n`);
  });

  it.each(Object.keys(corpus) as CorpusName[])('prints %s as the objects it is', (name) => {
    const documents = compileCorpus(name);
    const text = emit(documents, 'pipewright compile example.ts');
    const objects = [...documents.workflowTemplates, documents.workflow];
    for (const version of ['1.1', '1.2'] as const) {
      expect(parseAllDocuments(text, { version }).map((document) => document.toJS() as unknown)).toEqual(objects);
    }
    expect(text).toMatch(/^# Made by: pipewright compile example\.ts\n/);
    expect(emit(compileCorpus(name), 'pipewright compile example.ts')).toBe(text);
  });
});

/** What JSON would make of a value: no negative zero. */
function normal(given: unknown): unknown {
  return JSON.parse(JSON.stringify(given)) as unknown;
}
