import { drawChart } from '../charts/chart.ts';
import { drawTable } from '../charts/figure.ts';
import { html, type Markup } from '../../../dsl/util/markup.ts';
import { headlinesOf, type RunDocument, type TaskFigures } from '../run-document.ts';
import type { Figures, FigureTable } from '../../../dsl/contract/index.ts';
import type { MaybeSection } from './section.ts';

/**
 * What the run is about, first thing on the page: the sentence that says what was decided and why, the pictures, and the
 * numbers for those who ask. Of every document with a table that its step calls a headline.
 */
export function headlineSection(document: RunDocument): MaybeSection {
  const headlines = document.figures.filter(isHeadline);
  if (headlines.length === 0) return undefined;
  return {
    id: 'result',
    title: 'Result',
    body: html`${headlines.map(({ figures }) => html`${figures.summary === undefined ? null : html`<p class="summary">${figures.summary}</p>`}
${drawInside(figures)}`)}`,
  };
}

/** All other documents of the run. Those of a loop's items are folded: they look alike. */
export function figuresSection(document: RunDocument): MaybeSection {
  const others = document.figures.filter((one) => !isHeadline(one));
  if (others.length === 0) return undefined;
  const inLoop = new Set(document.tasks.filter((task) => task.items.length > 0).map((task) => task.task));
  return {
    id: 'figures',
    title: 'Figures',
    body: html`${others.map((one) => drawDocument(one, inLoop.has(one.task)))}`,
  };
}

function isHeadline(one: TaskFigures): boolean {
  return headlinesOf([one]).length > 0;
}

function drawDocument({ task, output, figures }: TaskFigures, isFolded: boolean): Markup {
  const inside = html`${figures.summary === undefined ? null : html`<p>${figures.summary}</p>`}
${drawInside(figures)}`;
  const origin = html`<span class="origin">${task}.${output}</span>`;
  return isFolded
    ? html`<details class="document"><summary><strong>${figures.title}</strong> ${origin}</summary>${inside}</details>
`
    : html`<div class="document"><h3>${figures.title} ${origin}</h3>${inside}</div>
`;
}

/** Pictures first, numbers on demand. A document without pictures shows its numbers at once. */
function drawInside({ tables = [], charts = [] }: Figures): Markup {
  return html`${charts.length === 0 ? null : html`<div class="charts">${charts.map(drawChart)}</div>`}
${tables.length === 0 ? null : html`<div class="${charts.length === 0 ? 'tables' : 'numbers'}">${tables.map((table) => (charts.length === 0 ? drawFigureTable(table) : drawOnDemand(table)))}</div>`}`;
}

function drawOnDemand(table: FigureTable): Markup {
  return html`<details class="figure-table"><summary>${table.title}</summary>${drawTable(table.columns, table.rows)}${drawNote(table)}</details>
`;
}

function drawNote({ note }: FigureTable): Markup | null {
  return note === undefined ? null : html`<p class="note">${note}</p>`;
}

/** So many columns do not fit beside another table. */
const WIDE_COLUMNS = 6;

function drawFigureTable(table: FigureTable): Markup {
  return html`<div class="figure-table${table.columns.length >= WIDE_COLUMNS ? ' wide' : null}"><h4>${table.title}</h4>${drawTable(table.columns, table.rows)}${drawNote(table)}</div>
`;
}
