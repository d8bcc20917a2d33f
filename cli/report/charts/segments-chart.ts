import type { SegmentsChart } from '../../../dsl/contract/index.ts';
import { html, place, type Markup } from '../../../dsl/util/markup.ts';
import { formatNumber } from '../../words/numbers.ts';
import { drawEmpty, drawFigure, drawTable, PAPER } from './figure.ts';
import { dayNumber, dayText, dayTicks, isDrawable, linearScale, numberTicks } from './ticks.ts';

const LANE = 30;
const NAMES = 92;
const NAME_LENGTH = 12;
const TOP = 12;
/** A piece of one day in twenty years must still be seen. */
const NARROWEST = 1.5;
const TABLE_ROWS = 60;

interface Piece { readonly lane: string; readonly from: number; readonly to: number; readonly role: string }

/** Lanes over numbers or days, cut into coloured pieces: the picture of a split. */
export function drawSegmentsChart(chart: SegmentsChart): Markup {
  const isDays = chart.lanes.some(({ segments }) => segments.some(({ from, to }) => typeof from === 'string' || typeof to === 'string'));
  // Numbers and days have no common axis: where there are days, a number is not drawn.
  const toX = (x: number | string): number => (typeof x === 'string' ? dayNumber(x) : isDays ? Number.NaN : x);
  const lanes = chart.lanes.map(({ name, segments }) =>
    segments
      .map(({ from, to, role }): Piece => ({ lane: name, from: toX(from), to: toX(to), role }))
      .filter(({ from, to }) => isDrawable(from) && isDrawable(to) && from < to),
  );
  const pieces = lanes.flat();
  if (pieces.length === 0) return drawEmpty(chart.title, chart.note);
  const roles = [...new Set(pieces.map(({ role }) => role))];
  const domain = [pieces.reduce((least, { from }) => Math.min(least, from), Infinity), pieces.reduce((most, { to }) => Math.max(most, to), -Infinity)] as const;
  const x = linearScale(domain, [NAMES, PAPER.width - PAPER.right]);
  const showX = isDays ? dayText : formatNumber;
  const floor = TOP + lanes.length * LANE;
  const draw = ({ lane, from, to, role }: Piece, top: number): Markup =>
    html`<g class="bar s${roles.indexOf(role) % 8}"><title>${`${lane}: ${role}\n${showX(from)} to ${showX(to)}`}</title><rect x="${place(x(from))}" y="${top + 5}" width="${place(Math.max(NARROWEST, x(to) - x(from)))}" height="${LANE - 10}"/></g>`;
  const drawing = [
    html`<g class="axis"><path d="M${NAMES} ${floor}H${PAPER.width - PAPER.right}"/></g>
<g class="tick middle">${(isDays ? dayTicks(domain, 6) : numberTicks(domain, 6)).map(({ at, label }) => html`<text x="${place(x(at))}" y="${floor + 19}">${label}</text>`)}</g>
<text class="label end" x="${PAPER.width - PAPER.right}" y="${floor + 37}">${chart.xLabel}</text>
`,
    lanes.map((lane, index) => {
      const top = TOP + index * LANE;
      // Wide pieces first, so that what is narrow is not covered by a neighbour's rounding.
      const widestFirst = [...lane].sort((a, b) => b.to - b.from - (a.to - a.from));
      return html`<text class="tick end" x="${NAMES - 8}" y="${top + LANE / 2 + 4}">${shorten(chart.lanes[index]!.name)}</text>${widestFirst.map((piece) => draw(piece, top))}
`;
    }),
  ];
  const rows = pieces.slice(0, TABLE_ROWS).map(({ lane, role, from, to }) => [lane, role, showX(from), showX(to)]);
  return drawFigure({
    title: chart.title,
    note: chart.note,
    description: `${lanes.length} ${lanes.length === 1 ? 'lane' : 'lanes'} over ${chart.xLabel}, ${showX(domain[0])} to ${showX(domain[1])}, in ${pieces.length} pieces: ${roles.join(', ')}.`,
    legend: html`<ul class="legend">${roles.map((role, style) => html`<li><svg viewBox="0 0 24 10" aria-hidden="true"><g class="bar s${style % 8}"><rect x="1" y="1" width="22" height="8"/></g></svg>${role}</li>`)}</ul>`,
    height: floor + 44,
    drawing,
    table: drawTable(['', 'role', 'from', 'up to'], rows, rows.length < pieces.length ? `${rows.length} of ${pieces.length} pieces` : undefined),
  });
}

function shorten(name: string): string {
  return name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH - 1)}…` : name;
}
