import type { ValueType } from '../contract/index.ts';
import { quote } from './expr.ts';

/*
 * How a text reaches a program unchanged.
 *
 * Two parties rewrite texts on their way. Argo replaces tags in a whole template again and again (globals, inputs, each
 * retry, the pod), also inside values that it has just put in: a text with two opening braces would be read as a tag,
 * whatever produced it, an expression too. And the kubelet expands `$(NAME)` in command lines and turns `$$` into `$`
 * (https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/).
 *
 * The kubelet comes last, so it mends both: a text travels *protected*, each `$` doubled and the second of two opening
 * braces written as `$(PIPEWRIGHT_BRACE)`, a variable that every container which may need it has. What the program sees
 * is the text itself. No protected text ever holds a tag, however often Argo looks.
 */

/** The variable that holds one opening brace. */
export const BRACE = { name: 'PIPEWRIGHT_BRACE', value: '{' } as const;

const TOKEN = `$(${BRACE.name})`;

/** A text that is known now. Dollars that the kubelet leaves alone are left alone here, to keep the YAML readable. */
export function protectText(text: string): string {
  const dollars = /\$[$(]/.test(text) ? text.replaceAll('$', '$$$$') : text;
  return dollars.replaceAll('{{', () => `{${TOKEN}`);
}

/** A text to which Argo will append a value: neither its end nor the value's beginning may join into something else. */
export function protectBefore(text: string): string {
  return text.replaceAll('$', '$$$$').replaceAll('{{', () => `{${TOKEN}`).replace(/\{$/, () => TOKEN);
}

/** The protected form of a text that is known when the pipeline runs. */
export function protect(expression: string): string {
  return `replace(replace(${expression}, "$", "$$"), "\\x7b\\x7b", ${quote(`{${TOKEN}`)})`;
}

/** The text itself, from its protected form. */
export function unprotect(expression: string): string {
  return `replace(replace(${expression}, ${quote(`{${TOKEN}`)}, "\\x7b\\x7b"), "$$", "$")`;
}

/*
 * Items of loops have one more rewriter. Argo puts a text member of an item in with its JSON escapes and without its
 * quotes, and turns `\u003c` and its like into `<` meanwhile (Item.String in pkg/apis/workflow/v1alpha1/item.go). Quotes
 * around it make it JSON again, but only if it had no backslash of its own: that is written as `/$/`. A protected text
 * has no single `$` between two slashes.
 */

const BACKSLASH = '/$/';

/** The form in which a text that is known now travels in an item. */
export function protectItemText(text: string): string {
  return text.replaceAll('$', '$$$$').replaceAll('{{', () => `{${TOKEN}`).replaceAll('\\', () => BACKSLASH);
}

/** The form in which a text that is known when the pipeline runs travels in an item. */
export function protectItem(expression: string): string {
  return `replace(${protect(expression)}, ${quote('\\')}, ${quote(BACKSLASH)})`;
}

/** The protected text, from an item's member as an expression sees it. */
export function fromItem(expression: string): string {
  return `replace(fromJSON(${quote('"')} + ${expression} + ${quote('"')}), ${quote(BACKSLASH)}, ${quote('\\')})`;
}

/** Letters, digits and a few signs that neither Argo nor the kubelet nor JSON gives a meaning to. */
const HARMLESS = /^[A-Za-z0-9 _.,:;/@%+=~^*?!|()[\]-]*$/;

export function isHarmless(text: string): boolean {
  return HARMLESS.test(text);
}

/** Whether no value of the type needs protection: then its text can stand in a simple tag. */
export function isPlain(type: ValueType): boolean {
  switch (type.kind) {
    case 'integer':
    case 'number':
    case 'boolean':
      return true;
    case 'enum':
      return type.values.every(isHarmless);
    case 'list':
      return type.items.kind !== 'enum' && type.items.kind !== 'string' && isPlain(type.items);
    case 'string':
    case 'json':
      return false;
  }
}
