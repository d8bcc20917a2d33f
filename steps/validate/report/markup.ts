/** Text that is known to be well-formed HTML or SVG: only `html` and `raw` make it, so nothing from the data reaches the page unescaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Insert = Markup | string | number | undefined | readonly Insert[];

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text with holes: what is put in is escaped unless it is markup itself. Lists are joined, undefined stands for nothing. */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  return new Markup(parts.map((part, index) => part + (index < inserts.length ? textOf(inserts[index]) : '')).join(''));
}

/** Our own constants only. */
export function raw(text: string): Markup {
  return new Markup(text);
}

function textOf(insert: Insert): string {
  if (insert === undefined) return '';
  if (insert instanceof Markup) return insert.text;
  if (typeof insert === 'object') return insert.map(textOf).join('');
  // Control characters and those that turn the direction of writing could make one name look like another.
  return String(insert).replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!).replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
