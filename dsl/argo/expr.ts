/*
 * The words of Argo's expression language: expr-lang 1.17 with Argo's asInt, asFloat and toJson
 * (https://expr-lang.org/docs/language-definition). An expression is written into YAML, read as JSON, and cut out of
 * its text at the first `}}`: so no two braces may stand together in it. `\u003c` and its like must not either, because
 * Argo turns them into `<` (util/json/fix.go) before it looks for escapes.
 */

/** A text in double quotes, which need no doubling inside YAML's single ones. */
export function quote(text: string): string {
  if (/^[\w. -]*$/.test(text)) return `"${text}"`;
  const escaped = text.replaceAll(/[\\"\u0000-\u001f\u007f]|\{(?=\{)|\}(?=\})/g, (character) => {
    if (character === '\n') return '\\n';
    if (character === '"') return '\\"';
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `"${escaped}"`;
}

/** A member by its name, always in brackets: names may have hyphens. */
export function member(of: string, name: string): string {
  return `${of}[${quote(name)}]`;
}

/** A tag that holds one expression. */
export function tag(expression: string): string {
  return `{{=${expression}}}`;
}

/** A simple tag: only a name in braces, which Argo's own lint understands. */
export function simpleTag(name: string): string {
  return `{{${name}}}`;
}
