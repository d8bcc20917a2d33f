import { createHash } from 'node:crypto';
import { html, raw, type Insert, type Markup } from '../../dsl/util/markup.ts';
import { PAGE_STYLE, SCRIPT } from './style.ts';

/** Nothing is fetched, and no style or script but our own two is heeded: markup that slipped through an escape would be dead. */
const POLICY = `default-src 'none'; style-src ${hashOf(PAGE_STYLE)}; script-src ${hashOf(SCRIPT)}`;

export interface PageParts {
  readonly title: string;
  readonly header: Insert;
  readonly main: Insert;
  readonly footer: Insert;
}

/** One self-contained page: no request leaves it, it works without JavaScript, and what is put in is escaped. */
export function drawShell({ title, header, main, footer }: PageParts): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(PAGE_STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
${header}
</header>
<main id="main">
${main}</main>
<footer><p>${footer}</p></footer>
<script>${raw(SCRIPT)}</script>
</body>
</html>
`.text;
}

/** What there is to know in a few words, each under its name. */
export function drawFacts(facts: readonly (readonly [name: string, value: string])[]): Markup {
  return html`<ul class="facts">${facts.map(([name, value]) => html`<li><small>${name}</small><span>${value}</span></li>`)}</ul>`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
