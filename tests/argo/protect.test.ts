import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quote } from '../../dsl/argo/expr.ts';
import { BRACE, fromItem, isHarmless, isPlain, protect, protectBefore, protectItem, protectItemText, protectText, unprotect } from '../../dsl/argo/protect.ts';
import { ODD_TEXTS } from './random-pipeline.ts';
import { expandAsKubelet } from './support.ts';

const ENVIRONMENT = { [BRACE.name]: BRACE.value, HOME: '/root' };
/** Texts in which what is special is frequent. */
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom('{', '}', '$', '(', ')', '/', '\\', '"', 'x', 'HOME', BRACE.name, 'u003c', '\n') }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...ODD_TEXTS),
);

/** Applies the `replace` calls of an expression to a text, as expr-lang does: all occurrences, from the left, innermost call first. */
function evaluateReplaces(expression: string, text: string): string {
  const literal = (source: string): string => source.replaceAll(/\\x([0-9a-f]{2})|\\(.)/g, (_, code: string | undefined, character: string) => (code ? String.fromCharCode(Number.parseInt(code, 16)) : character === 'n' ? '\n' : character));
  return [...expression.matchAll(/, "((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\)/g)].reduce((value, [, from, to]) => value.replaceAll(literal(from!), () => literal(to!)), text);
}

describe('protection of texts', () => {
  it('survives the kubelet, and Argo sees no tag in it', () => {
    fc.assert(fc.property(texts, (text) => {
      const safe = protectText(text);
      expect(safe).not.toContain('{{');
      expect(expandAsKubelet(safe, ENVIRONMENT)).toBe(text);
    }));
  });

  it('is the same when it is done at run time', () => {
    fc.assert(fc.property(texts, (text) => {
      const safe = evaluateReplaces(protect('value'), text);
      expect(safe).not.toContain('{{');
      expect(expandAsKubelet(safe, ENVIRONMENT)).toBe(text);
      expect(evaluateReplaces(unprotect('value'), safe)).toBe(text);
      expect(evaluateReplaces(unprotect('value'), protectText(text))).toBe(text);
    }));
  });

  it('holds where a text and a value are joined', () => {
    fc.assert(fc.property(texts, texts, (before, value) => {
      const joined = protectBefore(before) + protectText(value);
      expect(joined).not.toContain('{{');
      expect(expandAsKubelet(joined, ENVIRONMENT)).toBe(before + value);
      expect(`${protectBefore(before)}{{=tag}}`.indexOf('{{')).toBe(protectBefore(before).length);
    }));
  });

  it('leaves ordinary texts as they are, dollars too', () => {
    for (const text of ['hello', 'US$', 'a {b} c', '100%', '{"a":{"b":1}}', '${HOME}']) expect(protectText(text)).toBe(text);
  });

  it('passes through the item of a loop', () => {
    fc.assert(fc.property(texts, (text) => {
      for (const safe of [protectItemText(text), evaluateReplaces(protectItem('value'), text)]) {
        expect(safe).not.toContain('\\');
        expect(safe).not.toContain('{{');
        // What Argo makes of it: JSON without its quotes, with `<`, `>` and `&` unescaped.
        const inside = JSON.stringify(safe).slice(1, -1).replaceAll('\\u003c', '<').replaceAll('\\u003e', '>').replaceAll('\\u0026', '&');
        const back = JSON.parse(`"${inside}"`) as string;
        const decoded = evaluateReplaces(fromItem('item.value').slice('replace(fromJSON("\\"" + item.value + "\\"")'.length), back);
        expect(evaluateReplaces(unprotect('value'), decoded)).toBe(text);
      }
    }));
  });

  it('knows which types never need it', () => {
    expect(isPlain({ kind: 'integer' })).toBe(true);
    expect(isPlain({ kind: 'list', items: { kind: 'list', items: { kind: 'boolean' } } })).toBe(true);
    expect(isPlain({ kind: 'enum', values: ['a', 'b c'] })).toBe(true);
    expect(isPlain({ kind: 'enum', values: ['a', '{{b'] })).toBe(false);
    expect(isPlain({ kind: 'string' })).toBe(false);
    expect(isPlain({ kind: 'json' })).toBe(false);
    expect(isPlain({ kind: 'list', items: { kind: 'string' } })).toBe(false);
    fc.assert(fc.property(texts.filter(isHarmless), (text) => {
      expect(protectText(text)).toBe(text);
      expect(JSON.stringify(text)).toBe(`"${text}"`);
    }));
  });
});

describe('texts in expressions', () => {
  it('contain no two braces side by side and nothing that Argo takes for an escape', () => {
    fc.assert(fc.property(texts, (text) => {
      const quoted = quote(text);
      expect(quoted).not.toContain('{{');
      expect(`${quoted}}}`.indexOf('}}')).toBe(quoted.length);
      // The template is JSON when Argo looks for `\u003c`; what it finds there must not be in a text.
      expect(JSON.stringify(quoted).slice(1, -1).replaceAll('\\u003c', '<')).toBe(JSON.stringify(quoted).slice(1, -1));
    }));
  });
});
