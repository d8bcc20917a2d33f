import { format } from '../../../dsl/build/index.ts';
import { t } from '../../../dsl/contract/index.ts';
import { did, parity, type ParityCase } from '../parity-case.ts';
import { say, shell } from '../steps.ts';

/* Texts that somebody on the way might read as something else. Each goes three ways: written down, as a parameter of the run, as a result. */

const names = { a: t.string(), b: t.string(), c: t.string(), d: t.string(), e: t.string(), f: t.string(), g: t.string(), h: t.string(), i: t.string(), j: t.string(), k: t.string(), l: t.string() };
const COPY = Array.from({ length: 12 }, (_, index) => `printf %s "\${${index + 1}}" > "\${${index + 13}}"`).join('; ');
const twelve = shell('twelve', COPY, { parameters: names, results: names });

type Six = readonly [string, string, string, string, string, string];

/** What is written down is `a` to `f`, what the run is given `g` to `l`; then all of it is handed on. */
function three(name: string, [a, b, c, d, e, f]: Six): ParityCase {
  const params = { g: t.string(), h: t.string(), i: t.string(), j: t.string(), k: t.string(), l: t.string() };
  const given = { g: a, h: b, i: c, j: d, k: e, l: f };
  const all = { a, b, c, d, e, f, ...given };
  return parity(`texts-${name}`, { params, given }, ({ params, task }) => {
    const first = task(twelve, { a, b, c, d, e, f, g: params.g, h: params.h, i: params.i, j: params.j, k: params.k, l: params.l }, { name: 'first' });
    task(twelve, { a: first.a, b: first.b, c: first.c, d: first.d, e: first.e, f: first.f, g: first.g, h: first.h, i: first.i, j: first.j, k: first.k, l: first.l }, { name: 'second' });
  }, { first: did(all), second: did(all) });
}

const LONG = `${'0123456789abcdef '.repeat(600)}ü`;

export const textCases: readonly ParityCase[] = [
  three('plain', ['hello', 'two words', 'a,b;c', '--help', '-', '/etc/passwd']),
  three('quotes', ['"', "'", '"a" \'b\'', '`echo x`', '\\"', "it's \"so\""]),
  three('newlines', ['a\nb', '\nfirst', 'a\n\nb', 'a\r\nb', '\t tab', 'a\tb\nc']),
  three('tags', ['{{x}}', '{{workflow.name}}', '{{=1+1}}', '{{', '}}{{', '{{{{x}}}}']),
  three('more-tags', ['{', '}}', '{{inputs.parameters.a}}', '{{item}}', '{{=inputs.parameters["a"]}}', '{$(PIPEWRIGHT_BRACE)x}}']),
  three('dollars', ['$', '$$', '$(PATH)', '$PATH', '$$(HOME)', '${HOME} $1']),
  three('backslashes', ['\\', '\\\\', '\\n', '\\u003c', 'C:\\new\\table', '\\x7b\\x7b']),
  three('unicode', ['ü', '😀', '中文', 'e\u0301', '\u00a0\u2028\u200b', '\u{10ffff}\u{1f469}\u200d\u{1f680}']),
  three('blanks', ['', ' ', '  lead', 'trail  ', ' both ', '\t']),
  three('yaml', ['null', 'true', '007', '1e3', '~', 'no']),
  three('more-yaml', ['- a', 'a: b', '# none', '&a *a', '!!str x', '2024-01-01']),
  three('json', ['{"a":1}', '[1]', '"x"', '<b>&</b>', '/$/', '%s %d']),
  three('long', [LONG, 'x', 'y', `${LONG}{{z}}`, '$'.repeat(200), '{'.repeat(99)]),
  parity('texts-joined', { params: { who: t.string({ default: '{' }) } }, ({ params, task }) => {
    const first = task(say, { text: format`{${params.who}x}}$` }, { name: 'first' });
    task(say, { text: format`${first.text}$(PATH)${params.who}{{=1}}` }, { name: 'second' });
    task(say, { text: format`$${'$'}${params.who}${params.who}` }, { name: 'third' });
  }, { first: did({ text: '{{x}}$' }), second: did({ text: '{{x}}$$(PATH){{{=1}}' }), third: did({ text: '$${{' }) }),
  parity('texts-last-newline', {}, ({ task }) => {
    const first = task(say, { text: 'a\n\n' }, { name: 'first' });
    task(say, { text: first.text }, { name: 'second' });
  }, { first: did({ text: 'a\n' }), second: did({ text: 'a' }) }),
];
