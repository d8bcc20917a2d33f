/**
 * SQL's `like`: `%` for any characters, `_` for one (a whole code point). The parts between the `%` are looked for one
 * after another, each as early as it comes, and never again: so no pattern takes long.
 */
export function createLike(pattern: string, ignoresCase: boolean): (text: string) => boolean {
  const parts = pattern.split('%');
  const last = parts.length - 1;
  // A part has a fixed length, so the end of the text leaves the last one no choice.
  const expressions = parts
    .map((part, index) => `${index === 0 ? '^' : ''}${part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll('_', '[^]')}${index === last ? '$' : ''}`)
    .filter((source) => source !== '')
    .map((source) => new RegExp(source, ignoresCase ? 'giu' : 'gu'));
  return (text) => {
    let at = 0;
    return expressions.every((expression) => {
      expression.lastIndex = at;
      const isThere = expression.test(text);
      at = expression.lastIndex;
      return isThere;
    });
  };
}
