import type { IntervalChart } from '../../../dsl/contract/index.ts';
import { html, place, type Markup } from '../../../dsl/util/markup.ts';
import { formatNumber } from '../../words/numbers.ts';
import { drawEmpty, drawFigure, drawTable, PAPER } from './figure.ts';
import { isDrawable, linearScale, niceDomain, numberTicks, type Scale } from './ticks.ts';

const ROW = 26;
const GROUP = 26;
const NAMES = 172;
const NAME_LENGTH = 24;
const TOP = 34;

type Row = IntervalChart['rows'][number];

/** A forest plot: a dot for the value, a line for its interval, and an upright line for what it is compared with. */
export function drawIntervalChart(chart: IntervalChart): Markup {
  const rows = chart.rows.filter((row) => isDrawable(row.value) && [row.lower, row.upper].every((end) => end === null || isDrawable(end)));
  if (rows.length === 0) return drawEmpty(chart.title, chart.note);
  const reference = chart.reference !== undefined && isDrawable(chart.reference.x) ? chart.reference : undefined;
  const ends = rows.flatMap(({ value, lower, upper }) => [value, lower ?? value, upper ?? value]);
  const all = reference === undefined ? ends : [...ends, reference.x];
  const domain = niceDomain(all.reduce((low, one) => Math.min(low, one)), all.reduce((high, one) => Math.max(high, one)), 5);
  const x = linearScale(domain, [NAMES + 8, PAPER.width - PAPER.right]);

  const placed: { readonly y: number; readonly row?: Row; readonly group?: string }[] = [];
  let y = TOP;
  for (const [index, row] of rows.entries()) {
    if (row.group !== undefined && row.group !== rows[index - 1]?.group) {
      placed.push({ y, group: row.group });
      y += GROUP;
    }
    placed.push({ y, row });
    y += ROW;
  }
  const floor = y + 4;
  const ticks = numberTicks(domain, 5);
  const drawing = [
    html`<g class="grid">${ticks.map(({ at }) => html`<path d="M${place(x(at))} ${TOP - 4}V${floor}"/>`)}</g>
<g class="tick middle">${ticks.map(({ at, label }) => html`<text x="${place(x(at))}" y="${floor + 17}">${label}</text>`)}</g>
`,
    reference === undefined ? null : html`<path class="diagonal" d="M${place(x(reference.x))} ${TOP - 8}V${floor}"/><text class="label middle" x="${place(Math.min(x(reference.x), PAPER.width - 60))}" y="${TOP - 14}">${reference.label}</text>
`,
    placed.map(({ y: top, row, group }) => (row === undefined ? html`<text class="label group" x="0" y="${top + 17}">${group}</text>
` : drawRow(row, top, x))),
    html`<text class="label end" x="${PAPER.width - PAPER.right}" y="${floor + 34}">${chart.xLabel}</text>`,
  ];
  return drawFigure({
    title: chart.title,
    note: chart.note,
    description: `${chart.xLabel}: ${rows.map((row) => tell(row)).join('; ')}.${reference === undefined ? '' : ` The upright line at ${formatNumber(reference.x)} is ${reference.label}.`}`,
    height: floor + 40,
    drawing,
    table: drawTable(['', chart.xLabel, 'from', 'to'], rows.map(({ name, value, lower, upper }) => [name, value, lower, upper])),
  });
}

function drawRow(row: Row, top: number, x: Scale): Markup {
  const middle = top + ROW / 2;
  const line = row.lower === null || row.upper === null ? null : html`<path d="M${place(x(row.lower))} ${middle}H${place(x(row.upper))}"/><path d="M${place(x(row.lower))} ${middle - 5}v10"/><path d="M${place(x(row.upper))} ${middle - 5}v10"/>`;
  const name = row.name.length > NAME_LENGTH ? `${row.name.slice(0, NAME_LENGTH - 1)}…` : row.name;
  return html`<g class="bar"><title>${tell(row)}</title><rect class="hit" x="0" y="${top}" width="${PAPER.width}" height="${ROW}"/><text class="tick end" x="${NAMES}" y="${middle + 4}">${name}</text><g class="line ${row.emphasis === true ? 's0 stressed' : 'interval'}">${line}<circle cx="${place(x(row.value))}" cy="${middle}" r="${row.emphasis === true ? 5 : 4}"/></g></g>
`;
}

function tell({ name, value, lower, upper }: Row): string {
  return `${name} ${formatNumber(value)}${lower === null || upper === null ? '' : ` (${formatNumber(lower)} to ${formatNumber(upper)})`}`;
}
