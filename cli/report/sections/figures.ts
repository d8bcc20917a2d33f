import { drawChart } from '../charts/chart.ts';
import { drawTable } from '../charts/figure.ts';
import { html, type Markup } from '../../../dsl/util/markup.ts';
import { headlinesOf, type RunDocument, type TaskFigures } from '../run-document.ts';
import type { FigureTable } from '../../../dsl/contract/index.ts';
import type { MaybeSection } from './section.ts';

/** The sentence and the tables that a step calls its headline: first thing on the page. */
export function headlineSection(document: RunDocument): MaybeSection {
  const headlines = headlinesOf(document.figures);
  if (headlines.length === 0) return undefined;
  return {
    id: 'result',
    title: 'Result',
    body: html`${headlines.map(
      ({ figures }) => html`${figures.summary === undefined ? null : html`<p class="summary">${figures.summary}</p>`}
<div class="tables">${figures.tables!.map(drawFigureTable)}</div>`,
    )}`,
  };
}

/** Every document of the run with all its tables and charts. Those of a loop's items are folded: they look alike. */
export function figuresSection(document: RunDocument): MaybeSection {
  if (document.figures.length === 0) return undefined;
  const inLoop = new Set(document.tasks.filter((task) => task.items.length > 0).map((task) => task.task));
  return {
    id: 'figures',
    title: 'Figures',
    body: html`${document.figures.map((one) => drawDocument(one, inLoop.has(one.task)))}`,
  };
}

function drawDocument({ task, output, figures }: TaskFigures, isFolded: boolean): Markup {
  const tables = (figures.tables ?? []).filter((table) => table.headline !== true);
  const inside = html`${figures.summary === undefined ? null : html`<p>${figures.summary}</p>`}
${tables.length === 0 ? null : html`<div class="tables">${tables.map(drawFigureTable)}</div>`}
${(figures.charts ?? []).length === 0 ? null : html`<div class="charts">${figures.charts!.map(drawChart)}</div>`}`;
  const origin = html`<span class="origin">${task}.${output}</span>`;
  return isFolded
    ? html`<details class="document"><summary><strong>${figures.title}</strong> ${origin}</summary>${inside}</details>
`
    : html`<div class="document"><h3>${figures.title} ${origin}</h3>${inside}</div>
`;
}

/** So many columns do not fit beside another table. */
const WIDE_COLUMNS = 6;

function drawFigureTable(table: FigureTable): Markup {
  return html`<div class="figure-table${table.columns.length >= WIDE_COLUMNS ? ' wide' : null}"><h4>${table.title}</h4>${drawTable(table.columns, table.rows)}${table.note === undefined ? null : html`<p class="note">${table.note}</p>`}</div>
`;
}
