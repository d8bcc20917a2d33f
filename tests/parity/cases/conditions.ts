import { format } from '../../../dsl/build/index.ts';
import { artifact, t } from '../../../dsl/contract/index.ts';
import { did, parity, type ParityCase } from '../parity-case.ts';
import { end, fill, gather, keepFlag, keepInteger, keepNumbers, keepTexts, list, read, say, write } from '../steps.ts';
import { shell } from '../steps.ts';

/* Branches that are taken and branches that are not: what is skipped, and what those see who come after. */

const measure = shell('measure', 'printf "%s" "$1" > "$2"; [ "$1" -gt 2 ] && f=true || f=false; printf $f > "$3"', { parameters: { n: t.integer() }, results: { n: t.integer(), big: t.boolean() } });
const readFolderOr = shell('read-folder', 'cat "$1/top" > "$2"', { inputs: { folder: artifact.directory() }, results: { text: t.string() } });

export const conditionCases: readonly ParityCase[] = [
  parity('when-true', {}, ({ task, when }) => {
    const measured = task(measure, { n: 3 });
    const said = when(measured.big, ({ task }) => task(say, { text: 'big' }));
    task(say, { text: said.text.orElse('small') }, { name: 'after' });
  }, { measure: did({ n: 3, big: true }), say: did({ text: 'big' }), after: did({ text: 'big' }) }),
  parity('when-false', {}, ({ task, when }) => {
    const measured = task(measure, { n: 1 });
    const said = when(measured.big, ({ task }) => task(say, { text: 'big' }));
    task(say, { text: said.text.orElse('{{small}}') }, { name: 'after' });
    task(say, { text: 'waits only' }, { name: 'waiting', after: [said] });
  }, { measure: did({ big: false }), say: 'Skipped', after: did({ text: '{{small}}' }), waiting: did() }),
  parity('when-skips-a-group', { params: { n: t.integer({ default: 1 }) } }, ({ params, task, when }) => {
    const group = when(params.n.greaterThan(1), ({ task, forEach }) => {
      const first = task(say, { text: 'first' }, { name: 'first' });
      const second = task(say, { text: first.text }, { name: 'second' });
      const each = forEach(['a', 'b'], (text, { task }) => task(say, { text }, { name: 'each' }));
      return { text: second.text, texts: each.text };
    });
    task(say, { text: group.text.orElse('instead') }, { name: 'after' });
    task(keepTexts, { texts: group.texts.orElse(['none']) });
  }, { first: 'Skipped', second: 'Skipped', each: 'Skipped', after: did({ text: 'instead' }), 'keep-texts': did({ texts: ['none'] }) }),
  parity('when-takes-a-group', { params: { n: t.integer({ default: 1 }) }, given: { n: 2 } }, ({ params, task, when }) => {
    const group = when(params.n.greaterThan(1), ({ task, forEach }) => {
      const first = task(say, { text: 'first' }, { name: 'first' });
      const each = forEach(['a', 'b'], (text, { task }) => task(say, { text: format`${text}${first.text}` }, { name: 'each' }));
      return { text: first.text, texts: each.text };
    });
    task(say, { text: group.text.orElse('instead') }, { name: 'after' });
    task(keepTexts, { texts: group.texts.orElse(['none']) });
  }, { first: did(), 'each(0)': did({ text: 'afirst' }), 'each(1)': did({ text: 'bfirst' }), after: did({ text: 'first' }), 'keep-texts': did({ texts: ['afirst', 'bfirst'] }) }),
  parity('skips-cascade', { params: { flag: t.boolean({ default: false }) } }, ({ params, task, when }) => {
    const outer = when(params.flag, ({ task, when }) => {
      const { big } = task(measure, { n: 5 });
      const inner = when(big, ({ task }) => task(say, { text: 'deep' }, { name: 'deep' }), { otherwise: ({ task }) => task(say, { text: 'shallow' }, { name: 'shallow' }) });
      return { text: inner.text, big };
    });
    const next = when(outer.big.orElse(false), ({ task }) => task(say, { text: 'next' }, { name: 'next' }));
    task(say, { text: format`${outer.text.orElse('a')}${next.text.orElse('b')}` }, { name: 'last' });
  }, { measure: 'Skipped', deep: 'Skipped', shallow: 'Skipped', next: 'Skipped', last: did({ text: 'ab' }) }),
  parity('when-in-when', { params: { n: t.integer({ default: 5 }) } }, ({ params, task, when }) => {
    const outer = when(params.n.greaterThan(1), ({ task, when }) => {
      const near = task(say, { text: 'near' }, { name: 'near' });
      const inner = when(params.n.greaterThan(9), ({ task }) => task(write, { text: near.text }, { name: 'deep' }), { otherwise: ({ task }) => task(write, { text: 'shallow' }, { name: 'shallow' }) });
      return { file: inner.file, size: inner.size, near: near.text };
    });
    const instead = task(write, { text: 'x' }, { name: 'instead' });
    task(read, { file: outer.file.orElse(instead.file) });
    task(keepNumbers, { numbers: [1] });
    task(keepInteger, { n: outer.size.orElse(instead.size) });
  }, { near: did(), deep: 'Skipped', shallow: did({}, { file: 'shallow' }), instead: did(), read: did({ text: 'shallow' }), 'keep-numbers': did(), 'keep-integer': did({ n: 7 }) }),
  parity('otherwise-values', { params: { mode: t.enum(['fast', 'slow'], { default: 'fast' }) }, given: { mode: 'slow' } }, ({ params, task, when }) => {
    const chosen = when(params.mode.equals('fast'), ({ task }) => task(say, { text: 'fast' }, { name: 'fast' }), {
      otherwise: ({ task }) => {
        const first = task(say, { text: 'slowly' }, { name: 'slowly' });
        return task(say, { text: format`${first.text} but well` }, { name: 'well' });
      },
    });
    task(say, { text: chosen.text }, { name: 'after' });
  }, { fast: 'Skipped', slowly: did(), well: did({ text: 'slowly but well' }), after: did({ text: 'slowly but well' }) }),
  parity('otherwise-artifacts', { params: { flag: t.boolean() }, given: { flag: true } }, ({ params, task, when }) => {
    const chosen = when(params.flag, ({ task }) => {
      const file = task(write, { text: 'then' }, { name: 'then' }).file;
      return { file, folder: task(fill, { text: 'then' }, { name: 'then-folder' }).folder };
    }, {
      otherwise: ({ task }) => {
        const file = task(write, { text: 'else' }, { name: 'else' }).file;
        return { file, folder: task(fill, { text: 'else' }, { name: 'else-folder' }).folder };
      },
    });
    task(read, { file: chosen.file });
    task(readFolderOr, { folder: chosen.folder });
  }, { then: did(), 'then-folder': did(), else: 'Skipped', 'else-folder': 'Skipped', read: did({ text: 'then' }), 'read-folder': did({ text: 'then' }) }),
  parity('or-else-artifacts', { params: { flag: t.boolean({ default: false }) } }, ({ params, task, when }) => {
    const maybe = when(params.flag, ({ task }) => task(write, { text: 'maybe' }, { name: 'maybe' }));
    const surely = when(params.flag.not(), ({ task }) => task(write, { text: 'surely' }, { name: 'surely' }));
    const instead = task(write, { text: 'instead' }, { name: 'instead' });
    task(read, { file: maybe.file.orElse(instead.file) }, { name: 'first' });
    task(read, { file: surely.file.orElse(instead.file) }, { name: 'second' });
  }, { maybe: 'Skipped', surely: did(), instead: did(), first: did({ text: 'instead' }), second: did({ text: 'surely' }) }),
  parity('when-in-loop', { params: { limit: t.integer({ default: 2 }) } }, ({ params, task, forEach }) => {
    const all = forEach([1, 2, 3], (n, { when }) => {
      const few = when(n.lessThan(params.limit), ({ task }) => task(say, { text: format`few ${n}` }, { name: 'few' }));
      const either = when(n.greaterThan(params.limit), ({ task }) => task(say, { text: 'many' }, { name: 'many' }), { otherwise: ({ task }) => task(say, { text: 'not many' }, { name: 'not-many' }) });
      return { few: few.text.orElse('no'), either: either.text };
    });
    task(keepTexts, { texts: all.few });
    task(keepTexts, { texts: all.either }, { name: 'keep-either' });
  }, {
    'few(0)': did({ text: 'few 1' }), 'few(1)': 'Skipped', 'few(2)': 'Skipped', 'many(0)': 'Skipped', 'many(1)': 'Skipped', 'many(2)': did(), 'not-many(0)': did(), 'not-many(1)': did(), 'not-many(2)': 'Skipped',
    'keep-texts': did({ texts: ['few 1', 'no', 'no'] }), 'keep-either': did({ texts: ['not many', 'not many', 'many'] }),
  }),
  parity('artifacts-chosen-in-loop', {}, ({ task, forEach }) => {
    const all = forEach(['a', 'bb'], (text, { task, when }) => {
      const chosen = when(text.equals('a'), ({ task }) => task(write, { text }, { name: 'then' }), { otherwise: ({ task }) => task(write, { text: format`not ${text}` }, { name: 'else' }) });
      return task(read, { file: chosen.file });
    });
    task(keepTexts, { texts: all.text });
  }, {
    'then(0)': did({}, { file: 'a' }), 'then(1)': 'Skipped', 'else(0)': 'Skipped', 'else(1)': did({}, { file: 'not bb' }), 'read(0)': did({ text: 'a' }), 'read(1)': did({ text: 'not bb' }),
    'keep-texts': did({ texts: ['a', 'not bb'] }),
  }),
  parity('loop-in-when', { params: { words: t.list(t.string(), { default: ['a'] }) }, given: { words: [] } }, ({ params, task, when }) => {
    const { flag } = task(keepFlag, { flag: true });
    const group = when(flag, ({ task, forEach }) => {
      const each = forEach(params.words, (text, { task }) => task(write, { text }));
      return { sizes: each.size, all: task(gather, { files: each.file }).text };
    });
    task(keepNumbers, { numbers: group.sizes.orElse([7]) });
    task(say, { text: group.all.orElse('none') });
  }, { 'keep-flag': did(), write: 'Skipped', gather: did({ text: '' }), 'keep-numbers': did({ numbers: [] }), say: did({ text: '' }) }),
  parity('when-logic', { params: { n: t.integer({ default: 3 }), s: t.string({ default: 'x"\'{{' }), j: t.json<{ on: boolean }>({ default: { on: true } }) } }, ({ params, task, when }) => {
    when(params.n.plus(1).equals(4).and(params.s.equals('x"\'{{')), ({ task }) => { task(say, { text: 'a' }, { name: 'both' }); });
    when(params.n.lessThan(3).or(params.s.notEquals('x"\'{{')), ({ task }) => { task(say, { text: 'b' }, { name: 'neither' }); });
    when(params.j.equals({ on: true }), ({ task }) => { task(say, { text: 'c' }, { name: 'object' }); });
    when(params.j.get('on').equals(false), ({ task }) => { task(say, { text: 'd' }, { name: 'member' }); });
    task(say, { text: 'e' }, { name: 'always' });
  }, { both: did(), neither: 'Skipped', object: did(), member: 'Skipped', always: did() }),
  parity('when-fails-inside', {}, ({ task, when }) => {
    const { flag } = task(keepFlag, { flag: true });
    const group = when(flag, ({ task }) => {
      const tried = task(end, { code: 3 });
      task(say, { text: 'beside' }, { name: 'beside' });
      return tried;
    });
    task(say, { text: group.text.orElse('never') }, { name: 'after' });
    const folder = task(fill, { text: 'x' });
    task(list, { folder: folder.folder });
  }, { 'keep-flag': did(), end: 'Failed', beside: did(), after: 'Omitted', fill: did(), list: did() }, { status: 'Failed' }),
];
