import type { MatrixChart } from '../../../dsl/contract/index.ts';
import { formatNumber } from '../../words/numbers.ts';
import { html, place, type Markup } from '../../../dsl/util/markup.ts';
import { isDrawable } from './ticks.ts';
import { drawEmpty, drawFigure, drawTable, PAPER } from './figure.ts';

const NAMES = 120;
const TOP = 54;
/** A darker cell would hide the text in it. */
const DARKEST = 0.6;

/** A confusion matrix: a row per actual class, shaded by its share of the row. */
export function drawMatrixChart(chart: MatrixChart): Markup {
  const size = chart.labels.length;
  const count = (row: number, column: number): number => {
    const value = chart.counts[row]?.[column];
    return value !== undefined && isDrawable(value) && value > 0 ? value : 0;
  };
  const indexes = chart.labels.map((_, index) => index);
  const totals = indexes.map((row) => indexes.reduce((sum, column) => sum + count(row, column), 0));
  const total = totals.reduce((sum, value) => sum + value, 0);
  if (size === 0 || total === 0) return drawEmpty(chart.title, chart.note);
  const width = (PAPER.width - NAMES - 10) / size;
  const height = Math.max(34, Math.min(84, 260 / size));
  const share = (row: number, column: number): number => (totals[row] === 0 ? 0 : count(row, column) / totals[row]!);
  const cells = indexes.flatMap((row) =>
    indexes.map((column) => {
      const [x, y] = [NAMES + column * width, TOP + row * height];
      const percent = `${(share(row, column) * 100).toFixed(1)} %`;
      const told = `actual ${chart.labels[row]!}, predicted ${chart.labels[column]!}: ${formatNumber(count(row, column))} (${percent} of the row)`;
      return html`<g class="cell${row === column ? ' hit-class' : ''}"><title>${told}</title><rect x="${place(x + 1.5)}" y="${place(y + 1.5)}" width="${place(width - 3)}" height="${place(height - 3)}" rx="4" fill-opacity="${(0.04 + share(row, column) * DARKEST).toFixed(3)}"/><text class="count" x="${place(x + width / 2)}" y="${place(y + height / 2 + (height > 50 ? -1 : 5))}">${formatNumber(count(row, column))}</text>${height > 50 ? html`<text class="tick middle" x="${place(x + width / 2)}" y="${place(y + height / 2 + 17)}">${percent}</text>` : null}</g>
`;
    }),
  );
  const correct = indexes.reduce((sum, index) => sum + count(index, index), 0);
  return drawFigure({
    title: chart.title,
    note: chart.note,
    description: `A table of ${size} actual classes by ${size} predicted ones; ${formatNumber(correct)} of ${formatNumber(total)} are on the diagonal.`,
    height: TOP + size * height + 8,
    drawing: [
      html`<text class="label middle" x="${place(NAMES + (size * width) / 2)}" y="14">predicted</text><text class="label" x="2" y="${TOP - 12}">actual</text>
`,
      indexes.map((index) => html`<text class="tick middle" x="${place(NAMES + (index + 0.5) * width)}" y="${TOP - 12}">${chart.labels[index]!}</text><text class="tick end" x="${NAMES - 10}" y="${place(TOP + (index + 0.5) * height + 4)}">${chart.labels[index]!}</text>
`),
      cells,
    ],
    table: drawTable(['actual', ...chart.labels.map((label) => `predicted ${label}`)], indexes.map((row) => [chart.labels[row]!, ...indexes.map((column) => count(row, column))])),
  });
}
