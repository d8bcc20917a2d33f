/** Text that is known to be well-formed HTML or SVG. Only `html` and `raw` make it, so nothing reaches a page unescaped by accident. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

export type Insert = Markup | string | number | null | undefined | false | readonly Insert[];

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * Fit for text and for quoted attributes. Control characters, which neither HTML nor SVG may hold, become U+FFFD, and so
 * do those that turn the direction of writing: with them a name could look like another one.
 */
export function escapeMarkup(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!).replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g, '\ufffd');
}

/** Text with holes: what is put in is escaped unless it is markup itself. Lists are joined, nothing stands for nothing. */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  return new Markup(parts.map((part, index) => part + (index < inserts.length ? toText(inserts[index]) : '')).join(''));
}

/** Our own constants only (style sheets, scripts): never anything that came from a run. */
export function raw(text: string): Markup {
  return new Markup(text);
}

function toText(insert: Insert): string {
  if (insert === null || insert === undefined || insert === false) return '';
  if (insert instanceof Markup) return insert.text;
  if (Array.isArray(insert)) return insert.map(toText).join('');
  return escapeMarkup(String(insert as string | number));
}

/** A coordinate of a drawing. One decimal is a tenth of a pixel: more would only make the file larger. */
export function place(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
