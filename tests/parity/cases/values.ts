import { format } from '../../../dsl/build/index.ts';
import { t } from '../../../dsl/contract/index.ts';
import type { Json } from '../../../dsl/util/index.ts';
import { did, parity, type ParityCase } from '../parity-case.ts';
import { flags, keep, keepFlag, keepInteger, keepNumber, keepNumbers, keepTexts, numbers, say, shell, texts, values } from '../steps.ts';

/* Every type of value: written down, as a parameter of the run, as a result, in an expression. */

const SAFE = Number.MAX_SAFE_INTEGER;
const ODD_JSON = { '': null, 'a b': [1, 'two', true, null, { deep: [[]] }], '{{x}}': '$(PATH)', ü: '😀', '<&>': '"\\', n: -0.5, e: '' };
const KINDS = ['small', 'big one', '{{k}}', '$$'] as const;
const keepKind = shell('keep-kind', 'printf %s "$1" > "$2"', { parameters: { kind: t.enum(KINDS) }, results: { kind: t.enum(KINDS) } });
const keepLists = shell('keep-lists', 'printf %s "$1" > "$5"; printf %s "$2" > "$6"; printf %s "$3" > "$7"; printf %s "$4" > "$8"', {
  parameters: { flags: t.list(t.boolean()), kinds: t.list(t.enum(KINDS)), data: t.list(t.json<Json>()), lists: t.list(t.list(t.integer())) },
  results: { flags: t.list(t.boolean()), kinds: t.list(t.enum(KINDS)), data: t.list(t.json<Json>()), lists: t.list(t.list(t.integer())) },
});
/** JSON as a person writes it: white space, members in any order, a newline at the end. */
const makeJson = shell('make-json', 'printf \'{ "rate": 1.50, "name" : "x",\\n "tags": ["a", "{{b}}"] }\\n\' > "$1"', { results: { data: t.json<{ rate: number; name: string; tags: readonly string[] }>() } });

export const valueCases: readonly ParityCase[] = [
  parity('integers', { params: { n: t.integer({ default: 7 }) }, given: { n: -42 } }, ({ params, task }) => {
    const first = task(keepInteger, { n: params.n }, { name: 'first' });
    task(numbers, { a: SAFE, b: -SAFE, c: 0, d: params.n, e: first.n, f: first.n.plus(2).times(3).minus(1) });
    task(keepInteger, { n: params.n.times(-1).plus(first.n) }, { name: 'sum' });
  }, { first: did({ n: -42 }), numbers: did({ a: SAFE, b: -SAFE, c: 0, d: -42, e: -42, f: -121 }), sum: did({ n: 0 }) }),
  parity('numbers', { params: { n: t.number({ default: 0.1 }) } }, ({ params, task }) => {
    const first = task(numbers, { a: 1e21, b: 1e-7, c: 5e-324, d: 1.7976931348623157e308, e: params.n.plus(0.2), f: params.n.times(3) }, { name: 'first' });
    task(numbers, { a: first.a, b: first.b, c: first.c.times(1), d: first.d, e: first.e.dividedBy(3), f: first.a.plus(1) }, { name: 'second' });
  }, {
    first: did({ a: 1e21, b: 1e-7, c: 5e-324, d: 1.7976931348623157e308, e: 0.1 + 0.2, f: 0.1 * 3 }),
    second: did({ a: 1e21, b: 1e-7, c: 5e-324, d: 1.7976931348623157e308, e: (0.1 + 0.2) / 3, f: 1e21 + 1 }),
  }),
  parity('division', { params: { n: t.integer({ default: 7 }) } }, ({ params, task }) => {
    const first = task(keepInteger, { n: 2 });
    task(numbers, { a: params.n.dividedBy(2), b: params.n.dividedBy(first.n), c: params.n.minus(8).dividedBy(3), d: params.n.dividedBy(7), e: params.n.plus(0.5), f: params.n.times(0) });
  }, { 'keep-integer': did({ n: 2 }), numbers: did({ a: 3.5, b: 3.5, c: -1 / 3, d: 1, e: 7.5, f: 0 }) }),
  parity('booleans', { params: { yes: t.boolean(), no: t.boolean({ default: false }) }, given: { yes: true } }, ({ params, task }) => {
    const { flag } = task(keepFlag, { flag: params.no });
    task(flags, { a: true, b: params.yes, c: flag.not(), d: params.yes.and(flag), e: flag.or(params.yes), f: params.yes.equals(flag) });
  }, { 'keep-flag': did({ flag: false }), flags: did({ a: true, b: true, c: true, d: false, e: true, f: false }) }),
  parity('comparisons', { params: { n: t.number({ default: 2.5 }), s: t.string({ default: '{{a}}' }), j: t.json({ default: { b: [1, 2], a: 'x' } }) } }, ({ params, task }) => {
    const { n } = task(keepNumber, { n: 10 });
    task(flags, { a: params.n.lessThan(n), b: n.atMost(10), c: n.greaterThan(params.n), d: params.s.equals('{{a}}'), e: params.j.equals({ a: 'x', b: [1, 2] }), f: params.n.atLeast(2.6) });
    task(flags, { a: n.equals(10), b: params.s.notEquals(''), c: params.j.notEquals({ a: 'x' }), d: params.n.equals(2.5), e: params.s.equals('a'), f: params.j.equals(null) }, { name: 'equalities' });
  }, {
    'keep-number': did({ n: 10 }), flags: did({ a: true, b: true, c: true, d: true, e: true, f: false }),
    equalities: did({ a: true, b: true, c: true, d: true, e: false, f: false }),
  }),
  parity('enums', { params: { kind: t.enum(KINDS, { default: 'big one' }) }, given: { kind: '{{k}}' } }, ({ params, task }) => {
    const first = task(keepKind, { kind: params.kind }, { name: 'first' });
    task(keepKind, { kind: first.kind }, { name: 'second' });
    task(texts, { a: first.kind, b: format`${params.kind}!`, c: '$$', d: format`${first.kind}${params.kind}`, e: 'small', f: params.kind });
  }, { first: did({ kind: '{{k}}' }), second: did({ kind: '{{k}}' }), texts: did({ a: '{{k}}', b: '{{k}}!', c: '$$', d: '{{k}}{{k}}', e: 'small', f: '{{k}}' }) }),
  parity('json', { params: { data: t.json() }, given: { data: ODD_JSON } }, ({ params, task }) => {
    const first = task(keep, { value: params.data }, { name: 'first' });
    const second = task(keep, { value: first.value }, { name: 'second' });
    task(values, { a: null, b: [], c: {}, d: 'text {{x}}', e: second.value, f: 1.5 });
  }, { first: did({ value: ODD_JSON }), second: did({ value: ODD_JSON }), values: did({ a: null, b: [], c: {}, d: 'text {{x}}', e: ODD_JSON, f: 1.5 }) }),
  parity('json-members', { params: { row: t.json<{ n: number; text: string; deep: { list: readonly number[] } }>({ default: { n: 3, text: '$(PATH){{', deep: { list: [1, 2] } } }) } }, ({ params, task }) => {
    const { data } = task(makeJson, {});
    task(values, { a: params.row.get('n'), b: params.row.get('text'), c: params.row.get('deep').get('list'), d: data.get('tags'), e: data, f: data.get('rate') });
    task(say, { text: format`${data.get('name')}-${params.row.get('text')}-${params.row.get('n')}` });
    task(keepNumber, { n: params.row.get('n').plus(1) });
  }, {
    'make-json': did({ data: { rate: 1.5, name: 'x', tags: ['a', '{{b}}'] } }),
    values: did({ a: 3, b: '$(PATH){{', c: [1, 2], d: ['a', '{{b}}'], e: { rate: 1.5, name: 'x', tags: ['a', '{{b}}'] }, f: 1.5 }),
    say: did({ text: '"x"-"$(PATH){{"-3' }), 'keep-number': did({ n: 4 }),
  }),
  parity('lists', { params: { words: t.list(t.string(), { default: [] }), rates: t.list(t.number(), { default: [1, 2.5] }) }, given: { words: ['', '{{x}}', 'a"b\\', '$$', '[1]', 'ü\n'] } }, ({ params, task }) => {
    const words = task(keepTexts, { texts: params.words });
    task(keepTexts, { texts: words.texts }, { name: 'again' });
    task(keepNumbers, { numbers: params.rates });
    task(keepTexts, { texts: [] }, { name: 'none' });
    task(keepLists, { flags: [true, false], kinds: ['$$', '{{k}}'], data: [{ a: '{{' }, null, [1]], lists: [[], [1, -2]] });
  }, {
    'keep-texts': did({ texts: ['', '{{x}}', 'a"b\\', '$$', '[1]', 'ü\n'] }), again: did({ texts: ['', '{{x}}', 'a"b\\', '$$', '[1]', 'ü\n'] }), 'keep-numbers': did({ numbers: [1, 2.5] }),
    none: did({ texts: [] }), 'keep-lists': did({ flags: [true, false], kinds: ['$$', '{{k}}'], data: [{ a: '{{' }, null, [1]], lists: [[], [1, -2]] }),
  }),
  parity('text-form', { params: { n: t.number({ default: 0.5 }), flag: t.boolean({ default: true }), words: t.list(t.string(), { default: ['a', 'b'] }) } }, ({ params, task }) => {
    const { n } = task(keepInteger, { n: 12 });
    task(texts, { a: format`${n}`, b: format`${params.n}`, c: format`${params.flag}`, d: format`${n.times(params.n)}`, e: format`${n.greaterThan(3)} and ${params.flag.not()}`, f: format`${n.plus(1)}%` });
    task(values, { a: n, b: params.n, c: params.flag, d: params.words, e: n.dividedBy(8), f: params.flag.not() });
  }, { 'keep-integer': did({ n: 12 }), texts: did({ a: '12', b: '0.5', c: 'true', d: '6', e: 'true and false', f: '13%' }), values: did({ a: 12, b: 0.5, c: true, d: ['a', 'b'], e: 1.5, f: false }) }),
];
