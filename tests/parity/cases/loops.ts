import { format, type Value } from '../../../dsl/build/index.ts';
import { artifact, t } from '../../../dsl/contract/index.ts';
import { did, parity, type ParityCase } from '../parity-case.ts';
import { end, fill, gather, gatherFolders, keep, keepInteger, keepNumbers, keepTexts, read, say, shell, write } from '../steps.ts';

/* Fan-out and fan-in: of results and of artifacts, of lists that are written down, given, or made by a step. */

const ODD = ['{{x}}', '$(PATH)', 'a"b\\c', '', '[1]', 'ü😀\n'];
const makeList = shell('make-list', 'printf "[3, 1, 2]" > "$1"; printf \'["b", "{{a}}", "b"]\' > "$2"; printf "[]" > "$3"', { results: { numbers: t.list(t.integer()), words: t.list(t.string()), none: t.list(t.string()) } });
const shapes = shell('shapes', 'printf "%s" "$1" > "$2"; [ "$1" -gt 1 ] && f=true || f=false; printf $f > "$3"; printf "{\\"n\\":%s}" "$1" > "$4"; printf "[%s,%s]" "$1" "$1" > "$5"; printf "[%s]" "$1" > "$6"', {
  parameters: { n: t.integer() }, results: { n: t.integer(), flag: t.boolean(), data: t.json(), list: t.list(t.integer()), text: t.string() },
});
const gatherBoth = shell('gather-both', 'ls "$1" | tr "\\n" " " > "$3"; cat "$2"/* >> "$3"', { inputs: { files: artifact.many(artifact.file()), others: artifact.many(artifact.file()) }, results: { text: t.string() } });

export const loopCases: readonly ParityCase[] = [
  parity('loop-written', {}, ({ task, forEach }) => {
    const said = forEach(['b', 'a', 'b'], (text, { task }) => task(say, { text }));
    task(keepTexts, { texts: said.text });
  }, { 'say(0)': did({ text: 'b' }), 'say(1)': did({ text: 'a' }), 'say(2)': did({ text: 'b' }), 'keep-texts': did({ texts: ['b', 'a', 'b'] }) }),
  parity('loop-odd-texts', {}, ({ task, forEach }) => {
    const said = forEach(ODD, (text, { task }) => task(say, { text }));
    task(keepTexts, { texts: said.text });
  }, { ...Object.fromEntries(ODD.map((text, index) => [`say(${index})`, did({ text: text.replace(/\n$/, '') })])), 'keep-texts': did({ texts: ODD.map((text) => text.replace(/\n$/, '')) }) }),
  parity('loop-given', { params: { words: t.list(t.string()) }, given: { words: ['{{=1}}', '\\u003c', '$$'] } }, ({ params, task, forEach }) => {
    const said = forEach(params.words, (text, { task }) => task(say, { text: format`${text}!` }));
    task(keepTexts, { texts: said.text });
  }, { 'say(0)': did({ text: '{{=1}}!' }), 'say(1)': did({ text: '\\u003c!' }), 'say(2)': did({ text: '$$!' }), 'keep-texts': did({ texts: ['{{=1}}!', '\\u003c!', '$$!'] }) }),
  parity('loop-made', {}, ({ task, forEach }) => {
    const made = task(makeList, {});
    const kept = forEach(made.numbers, (n, { task }) => task(keepInteger, { n: n.times(2) }));
    task(keepNumbers, { numbers: kept.n });
    const said = forEach(made.words, (text, { task }) => task(say, { text }), { name: 'each-word' });
    task(keepTexts, { texts: said.text });
  }, {
    'make-list': did({ numbers: [3, 1, 2], words: ['b', '{{a}}', 'b'], none: [] }), 'keep-integer(0)': did({ n: 6 }), 'keep-integer(1)': did({ n: 2 }), 'keep-integer(2)': did({ n: 4 }),
    'keep-numbers': did({ numbers: [6, 2, 4] }), 'say(0)': did({ text: 'b' }), 'say(1)': did({ text: '{{a}}' }), 'say(2)': did({ text: 'b' }), 'keep-texts': did({ texts: ['b', '{{a}}', 'b'] }),
  }),
  parity('loop-rows', { params: { rows: t.list(t.json<{ n: number; text: string }>()) }, given: { rows: [{ n: 1, text: '{{' }, { n: 2.5, text: '' }] } }, ({ params, task, forEach }) => {
    const kept = forEach(params.rows, (row, { task }) => {
      const whole = task(keep, { value: row }, { name: 'whole' });
      const text = task(say, { text: row.get('text') }, { name: 'text' });
      return { whole: whole.value, joined: format`${row.get('n')}:${text.text}` };
    });
    task(keep, { value: kept.whole }, { name: 'all' });
    task(keepTexts, { texts: kept.joined });
  }, {
    'whole(0)': did({ value: { n: 1, text: '{{' } }), 'whole(1)': did({ value: { n: 2.5, text: '' } }), 'text(0)': did({ text: '{{' }), 'text(1)': did({ text: '' }),
    all: did({ value: [{ n: 1, text: '{{' }, { n: 2.5, text: '' }] }), 'keep-texts': did({ texts: ['1:{{', '2.5:'] }),
  }),
  parity('loop-shapes', {}, ({ task, forEach }) => {
    const made = forEach([1, 2], (n, { task }) => task(shapes, { n }));
    task(keep, { value: made.n }, { name: 'numbers' });
    task(keep, { value: made.flag }, { name: 'flags' });
    task(keep, { value: made.data }, { name: 'rows' });
    task(keep, { value: made.list }, { name: 'lists' });
    task(keepTexts, { texts: made.text });
  }, {
    'shapes(0)': did({ n: 1, flag: false, data: { n: 1 }, list: [1, 1], text: '[1]' }), 'shapes(1)': did({ n: 2, flag: true, data: { n: 2 }, list: [2, 2], text: '[2]' }),
    numbers: did({ value: [1, 2] }), flags: did({ value: [false, true] }), rows: did({ value: [{ n: 1 }, { n: 2 }] }), lists: did({ value: [[1, 1], [2, 2]] }), 'keep-texts': did({ texts: ['[1]', '[2]'] }),
  }),
  parity('loop-one-item', { params: { words: t.list(t.string(), { default: ['only'] }) } }, ({ params, task, forEach }) => {
    const made = forEach(params.words, (text, { task }) => task(write, { text }));
    task(gather, { files: made.file });
    task(keepNumbers, { numbers: made.size });
  }, { 'write(0)': did({ size: 4 }, { file: 'only' }), gather: did({ text: './000000=only;' }), 'keep-numbers': did({ numbers: [4] }) }),
  parity('loop-empty-written', {}, ({ task, forEach }) => {
    const none = forEach([] as string[], (text, { task }) => task(write, { text }));
    const listed = task(gather, { files: none.file });
    task(keepNumbers, { numbers: none.size });
    task(say, { text: listed.text });
  }, { write: 'Skipped', gather: did({ text: '' }), 'keep-numbers': did({ numbers: [] }), say: did({ text: '' }) }),
  parity('loop-empty-made', {}, ({ task, forEach }) => {
    const made = task(makeList, {});
    const none = forEach(made.none, (text, { task }) => {
      const first = task(say, { text }, { name: 'first' });
      return { file: task(write, { text: first.text }).file, text: first.text };
    });
    task(gather, { files: none.file });
    task(keepTexts, { texts: none.text });
  }, { 'make-list': did(), first: 'Skipped', write: 'Skipped', gather: did({ text: '' }), 'keep-texts': did({ texts: [] }) }),
  parity('loop-failing-item', { params: { codes: t.list(t.integer(), { default: [0, 3, 0] }) } }, ({ params, task, forEach }) => {
    const tried = forEach(params.codes, (code, { task }) => task(end, { code }));
    task(keepTexts, { texts: tried.text });
    task(say, { text: 'beside' });
  }, { 'end(0)': did({ text: 'done' }), 'end(1)': 'Failed', 'end(2)': did({ text: 'done' }), 'keep-texts': 'Omitted', say: did({ text: 'beside' }) }, { status: 'Failed' }),
  parity('loop-failing-chain', {}, ({ task, forEach }) => {
    forEach([0, 1], (code, { task }) => {
      const tried = task(end, { code });
      task(say, { text: tried.text }, { name: 'then' });
    });
    task(say, { text: 'beside' });
  }, { 'end(0)': did(), 'then(0)': did({ text: 'done' }), 'end(1)': 'Failed', 'then(1)': 'Omitted', say: did() }, { status: 'Failed' }),
  parity('loop-one-at-a-time', {}, ({ task, forEach }) => {
    const kept = forEach([3, 1, 2], (n, { task }) => task(keepInteger, { n }), { parallelism: 1 });
    task(keepNumbers, { numbers: kept.n });
  }, { 'keep-integer(0)': did({ n: 3 }), 'keep-integer(1)': did({ n: 1 }), 'keep-integer(2)': did({ n: 2 }), 'keep-numbers': did({ numbers: [3, 1, 2] }) }),
  parity('loop-two-at-a-time-made', {}, ({ task, forEach }) => {
    const made = task(makeList, {});
    const files = forEach(made.numbers, (n, { task }) => task(write, { text: format`${n}` }), { parallelism: 2 });
    task(gather, { files: files.file });
    const none = forEach(made.none, (text, { task }) => task(say, { text }), { parallelism: 1, name: 'nobody' });
    task(keepTexts, { texts: none.text });
  }, {
    'make-list': did(), 'write(0)': did({}, { file: '3' }), 'write(1)': did({}, { file: '1' }), 'write(2)': did({}, { file: '2' }), gather: did({ text: './000000=3;./000001=1;./000002=2;' }),
    say: 'Skipped', 'keep-texts': did({ texts: [] }),
  }),
  parity('loop-files', {}, ({ task, forEach }) => {
    const made = forEach(['x', 'yy'], (text, { task }) => {
      const first = task(write, { text }, { name: 'first' });
      const second = task(write, { text: task(read, { file: first.file }).text }, { name: 'second' });
      return { file: first.file, other: second.file };
    });
    task(gatherBoth, { files: made.file, others: made.other });
  }, {
    'first(0)': did({ size: 1 }, { file: 'x' }), 'first(1)': did({ size: 2 }, { file: 'yy' }), 'read(0)': did({ text: 'x' }), 'read(1)': did({ text: 'yy' }),
    'second(0)': did({}, { file: 'x' }), 'second(1)': did({}, { file: 'yy' }), 'gather-both': did({ text: '000000 000001 xyy' }),
  }),
  parity('loop-folders', {}, ({ task, forEach }) => {
    const made = forEach(['a', 'b'], (text, { task }) => task(fill, { text }));
    task(gatherFolders, { folders: made.folder });
  }, {
    'fill(0)': did({}, { folder: { top: 'a', 'deep/er/leaf': 'a below', 'a b+%41': '' } }), 'fill(1)': did({}, { folder: { top: 'b', 'deep/er/leaf': 'b below', 'a b+%41': '' } }),
    'gather-folders': did({ text: './000000/a b+%41=;./000000/deep/er/leaf=a below;./000000/top=a;./000001/a b+%41=;./000001/deep/er/leaf=b below;./000001/top=b;' }),
  }),
  parity('loop-in-loop', { params: { letters: t.list(t.string(), { default: ['a', 'b'] }) } }, ({ params, task, forEach }) => {
    const outer = forEach(params.letters, (letter, { task, forEach }) => {
      const inner = forEach([1, 2], (number, { task }) => task(write, { text: format`${letter}${number}` }));
      return { sizes: inner.size, all: task(gather, { files: inner.file }).text };
    });
    task(keep, { value: outer.sizes });
    task(keepTexts, { texts: outer.all });
  }, {
    'write(0)(0)': did({}, { file: 'a1' }), 'write(0)(1)': did({}, { file: 'a2' }), 'write(1)(0)': did({}, { file: 'b1' }), 'write(1)(1)': did({}, { file: 'b2' }),
    'gather(0)': did({ text: './000000=a1;./000001=a2;' }), 'gather(1)': did({ text: './000000=b1;./000001=b2;' }), keep: did({ value: [[2, 2], [2, 2]] }),
    'keep-texts': did({ texts: ['./000000=a1;./000001=a2;', './000000=b1;./000001=b2;'] }),
  }),
  parity('loop-in-loop-empty', { params: { lists: t.list(t.list(t.integer())) }, given: { lists: [[], [5]] } }, ({ params, task, forEach }) => {
    const outer = forEach(params.lists, (list, { forEach, task }) => {
      const inner = forEach(list, (n, { task }) => task(keepInteger, { n }));
      return task(keepNumbers, { numbers: inner.n }).numbers;
    });
    task(keep, { value: outer });
  }, { 'keep-integer(0)': 'Skipped', 'keep-integer(1)(0)': did({ n: 5 }), 'keep-numbers(0)': did({ numbers: [] }), 'keep-numbers(1)': did({ numbers: [5] }), keep: did({ value: [[], [5]] }) }),
  parity('loop-after-loop', {}, ({ task, forEach }) => {
    const first = forEach([1, 2], (n, { task }) => task(keepInteger, { n }, { name: 'first' }));
    const second = forEach(first.n as Value<readonly number[]>, (n, { task }) => task(keepInteger, { n: n.plus(10) }, { name: 'second' }));
    task(keepNumbers, { numbers: second.n });
  }, { 'first(0)': did({ n: 1 }), 'first(1)': did({ n: 2 }), 'second(0)': did({ n: 11 }), 'second(1)': did({ n: 12 }), 'keep-numbers': did({ numbers: [11, 12] }) }),
];
