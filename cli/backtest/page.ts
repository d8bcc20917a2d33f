import { createHash } from 'node:crypto';
import type { Figures } from '../../dsl/contract/index.ts';
import { html, raw } from '../../dsl/util/markup.ts';
import { headlineSection } from '../report/sections/figures.ts';
import { PAGE_STYLE, SCRIPT } from '../report/style.ts';
import type { RunDocument } from '../report/run-document.ts';

/** What was asked for, in a few words, each under its name. */
export type Facts = readonly (readonly [name: string, value: string])[];

const POLICY = `default-src 'none'; style-src ${hashOf(PAGE_STYLE)}; script-src ${hashOf(SCRIPT)}`;

/** A backtest as one self-contained page in the look of a run's report: pictures first, the numbers folded beneath. */
export function drawBacktestPage(document: RunDocument, figures: Figures, facts: Facts): string {
  const { body } = headlineSection({ ...document, figures: [{ task: 'backtest', output: 'figures', figures }] })!;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark">
<title>${document.pipeline.name} · backtest · ${document.run.id}</title>
<style>${raw(PAGE_STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<h1>${document.pipeline.name}: backtest</h1>
<ul class="facts">${facts.map(([name, value]) => html`<li><small>${name}</small><span>${value}</span></li>`)}</ul>
</header>
<main id="main">
<section id="result" aria-labelledby="result-title"><h2 id="result-title">Result</h2>
${body}</section>
</main>
<footer><p>Features of the run <code>${document.run.id}</code>. <code>pipewright backtest --help</code> says how to make such a page.</p></footer>
<script>${raw(SCRIPT)}</script>
</body>
</html>
`.text;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
