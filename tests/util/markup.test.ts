import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeMarkup, html, raw } from '../../dsl/util/markup.ts';

describe('html', () => {
  it('escapes what is put in, in text and in attributes', () => {
    const hostile = `"><script>alert('&')</script>`;
    expect(html`<p title="${hostile}">${hostile}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;">&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;</p>',
    );
  });

  it('keeps markup, joins lists, and prints nothing for nothing', () => {
    expect(html`<ul>${['a', '<b>'].map((item) => html`<li>${item}</li>`)}</ul>${null}${undefined}${false}${0}${raw('<hr>')}`.text).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>0<hr>');
  });

  it('lets no text open a tag, leave its quotes or hold a character that XML forbids', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(fc.constantFrom('<', '>', '"', "'", '&', '\u0000', '\u001b', '\uffff', 'a'), fc.string({ minLength: 1, maxLength: 1 })) }), (text) => {
        const escaped = escapeMarkup(text);
        expect(escaped).not.toMatch(/[<>"'\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/);
        expect(escaped.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      }),
    );
  });
});
