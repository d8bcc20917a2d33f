import { formatNumber } from '../../words/numbers.ts';
import { html, type Insert, type Markup } from '../../../dsl/util/markup.ts';

/** The paper on which every chart is drawn; the page scales it to the space there is. */
export const PAPER = { width: 560, top: 30, right: 18, bottom: 42, left: 60 } as const;

export interface FigureParts {
  readonly title: string;
  readonly note?: string | undefined;
  /** What the drawing shows, for those who cannot see it. */
  readonly description: string;
  readonly legend?: Insert;
  readonly height: number;
  readonly drawing: Insert;
  readonly table: Markup;
}

export function drawFigure(parts: FigureParts): Markup {
  return html`<figure class="chart">
<figcaption><h4>${parts.title}</h4>${parts.note === undefined ? null : html`<p class="note">${parts.note}</p>`}</figcaption>
${parts.legend}
<svg viewBox="0 0 ${PAPER.width} ${parts.height}" role="img" aria-label="${`${parts.title}. ${parts.description}`}"><desc>${parts.description}</desc>
${parts.drawing}
</svg>
<details class="data"><summary>The numbers</summary>${parts.table}</details>
</figure>
`;
}

/** A figure without anything to draw says so instead of showing an empty frame. */
export function drawEmpty(title: string, note?: string): Markup {
  return html`<figure class="chart"><figcaption><h4>${title}</h4>${note === undefined ? null : html`<p class="note">${note}</p>`}</figcaption><p class="empty">There is nothing to draw: no finite number was given.</p></figure>
`;
}

export type Cell = string | number | null | undefined;

/** A table that scrolls on a narrow screen; numbers stand right, the first column heads its row. */
export function drawTable(columns: readonly string[], rows: readonly (readonly Cell[])[], caption?: string): Markup {
  const numeric = columns.map((_, column) => column > 0 && rows.some((row) => typeof row[column] === 'number'));
  const cell = (value: Cell, column: number): Markup => {
    const shown = typeof value === 'number' ? formatNumber(value) : (value ?? '–');
    if (column === 0) return html`<th scope="row">${shown}</th>`;
    return html`<td${numeric[column] ? html` class="n"` : null}>${shown}</td>`;
  };
  return html`<div class="scroll" tabindex="0"><table>${caption === undefined ? null : html`<caption>${caption}</caption>`}
<thead><tr>${columns.map((column, index) => html`<th scope="col"${numeric[index] ? html` class="n"` : null}>${column}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${columns.map((_, column) => cell(row[column], column))}</tr>
`)}</tbody></table></div>`;
}
