import type { Figures } from '../../dsl/contract/index.ts';
import { html } from '../../dsl/util/markup.ts';
import { drawFacts, drawShell } from '../report/page-shell.ts';
import { headlineSection } from '../report/sections/figures.ts';
import type { RunDocument } from '../report/run-document.ts';

/** What was asked for, in a few words, each under its name. */
export type Facts = readonly (readonly [name: string, value: string])[];

/** A backtest as one self-contained page in the look of a run's report: pictures first, the numbers folded beneath. */
export function drawBacktestPage(document: RunDocument, figures: Figures, facts: Facts): string {
  const { body } = headlineSection({ ...document, figures: [{ task: 'backtest', output: 'figures', figures }] })!;
  return drawShell({
    title: `${document.pipeline.name} · backtest · ${document.run.id}`,
    header: html`<h1>${document.pipeline.name}: backtest</h1>
${drawFacts(facts)}`,
    main: html`<section id="result" aria-labelledby="result-title"><h2 id="result-title">Result</h2>
${body}</section>
`,
    footer: html`Features of the run <code>${document.run.id}</code>. <code>pipewright backtest --help</code> says how to make such a page.`,
  });
}
