import type { LineChart } from '../../../dsl/contract/index.ts';
import { formatNumber } from '../../words/numbers.ts';
import { html, place, type Markup } from '../../../dsl/util/markup.ts';
import { drawEmpty, drawFigure, drawTable, PAPER } from './figure.ts';
import { sampleEvenly, thin, type Point } from './thin.ts';
import { dayNumber, dayText, dayTicks, isDrawable, linearScale, niceDomain, numberTicks, type Scale, type Tick } from './ticks.ts';

/** More points than pixels are of no use. */
const POINT_LIMIT = 900;
/** So many readings can be pointed at along the x axis. */
const READINGS = 60;
const TABLE_ROWS = 24;
const HEIGHT = 300;

interface Line {
  readonly name: string;
  readonly style: number;
  readonly emphasis: boolean;
  readonly dots: boolean;
  /** Sorted by x, finite only. */
  readonly points: readonly Point[];
}

interface Axes {
  readonly x: Scale;
  readonly y: Scale;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly showX: (x: number) => string;
  readonly height: number;
}

/** Lines over numbers or days: learning curve, ROC, calibration, equity. */
export function drawLineChart(chart: LineChart): Markup {
  const isDays = chart.series.some((series) => series.x.some((x) => typeof x === 'string'));
  // Numbers and days have no common axis: where there are days, a number is not drawn.
  const toX = (x: number | string): number => (typeof x === 'string' ? dayNumber(x) : isDays ? Number.NaN : x);
  const lines = chart.series.map((series, style): Line => {
    const points = series.x
      .map((x, index): Point => ({ x: toX(x), y: series.y[index] ?? Number.NaN }))
      .filter((point) => isDrawable(point.x) && isDrawable(point.y))
      .sort((a, b) => a.x - b.x);
    return { name: series.name, style: style % 8, emphasis: series.emphasis === true, dots: series.points === true || points.length === 1, points };
  });
  const all = lines.flatMap((line) => line.points);
  if (all.length === 0) return drawEmpty(chart.title, chart.note);
  const mark = chart.mark === undefined || !isDrawable(toX(chart.mark.x)) ? undefined : { x: toX(chart.mark.x), label: chart.mark.label };
  // Days and values have no diagonal in common.
  const isDiagonal = chart.diagonal === true && !isDays;
  const axes = layAxes(all, mark?.x, isDays, isDiagonal);
  const drawing = [
    drawGrid(chart, axes),
    isDiagonal ? drawDiagonal(axes) : null,
    mark ? drawMark(axes, mark.x, mark.label) : null,
    // What the author stresses is drawn last, on top of the others.
    [...lines].sort((a, b) => Number(a.emphasis) - Number(b.emphasis)).map((line) => drawLine(line, axes, lines.some((other) => other.emphasis))),
    drawReadings(lines, axes),
  ];
  return drawFigure({
    title: chart.title,
    note: chart.note,
    description: describe(chart, lines, axes),
    legend: lines.length > 1 ? drawLegend(lines) : null,
    height: axes.height,
    drawing,
    table: drawNumbers(chart, lines, axes),
  });
}

function layAxes(all: readonly Point[], marked: number | undefined, isDays: boolean, isDiagonal: boolean): Axes {
  const [xLow, xHigh] = extent([...all.map((point) => point.x), ...(marked === undefined ? [] : [marked])]);
  const [yLow, yHigh] = extent(all.map((point) => point.y));
  // ROC and calibration compare x with y: both axes show the same range, on nearly square paper.
  const height = isDiagonal ? 420 : HEIGHT;
  const shared = isDiagonal ? niceDomain(Math.min(xLow, yLow), Math.max(xHigh, yHigh), 5) : undefined;
  const xDomain = shared ?? (xHigh - xLow <= Math.abs(xHigh) * 1e-12 ? ([xLow - 1, xHigh + 1] as const) : ([xLow, xHigh] as const));
  const yDomain = shared ?? niceDomain(yLow, yHigh, 5);
  return {
    x: linearScale(xDomain, [PAPER.left, PAPER.width - PAPER.right]),
    y: linearScale(yDomain, [height - PAPER.bottom, PAPER.top]),
    xTicks: isDays ? dayTicks(xDomain, 6) : numberTicks(xDomain, 6),
    yTicks: numberTicks(yDomain, 5),
    showX: isDays ? dayText : formatNumber,
    height,
  };
}

function drawGrid(chart: LineChart, { x, y, xTicks, yTicks, height }: Axes): Markup {
  const [left, right, floor] = [PAPER.left, PAPER.width - PAPER.right, height - PAPER.bottom];
  return html`<g class="grid">${yTicks.map(({ at }) => html`<path d="M${left} ${place(y(at))}H${right}"/>`)}</g>
<g class="axis"><path d="M${left} ${floor}H${right}"/>${xTicks.map(({ at }) => html`<path d="M${place(x(at))} ${floor}v5"/>`)}</g>
<g class="tick end">${yTicks.map(({ at, label }) => html`<text x="${left - 8}" y="${place(y(at) + 4)}">${label}</text>`)}</g>
<g class="tick middle">${xTicks.map(({ at, label }) => html`<text x="${place(x(at))}" y="${floor + 19}">${label}</text>`)}</g>
<text class="label" x="2" y="14">${chart.yLabel}</text>
<text class="label end" x="${right}" y="${height - 5}">${chart.xLabel}</text>
`;
}

/** From corner to corner, because both axes show the same range. */
function drawDiagonal({ height }: Axes): Markup {
  return html`<path class="diagonal" d="M${PAPER.left} ${height - PAPER.bottom}L${PAPER.width - PAPER.right} ${PAPER.top}"/>
`;
}

function drawMark({ x, height }: Axes, at: number, label: string): Markup {
  const isRight = x(at) > PAPER.width * 0.6;
  return html`<path class="mark" d="M${place(x(at))} ${PAPER.top - 6}V${height - PAPER.bottom}"/>
<text class="label ${isRight ? 'end' : 'start'}" x="${place(x(at) + (isRight ? -6 : 6))}" y="${PAPER.top + 4}">${label}</text>
`;
}

function drawLine(line: Line, { x, y }: Axes, someStressed: boolean): Markup {
  const points = thin(line.points, POINT_LIMIT);
  const path = points.map((point, index) => `${index === 0 ? 'M' : 'L'}${place(x(point.x))} ${place(y(point.y))}`).join('');
  const dots = line.dots ? sampleEvenly(points, 100).map((point) => html`<circle cx="${place(x(point.x))}" cy="${place(y(point.y))}" r="3.5"/>`) : null;
  const weight = line.emphasis ? ' stressed' : someStressed ? ' quiet' : '';
  return html`<g class="line s${line.style}${weight}"><path d="${path}"/>${dots}</g>
`;
}

/** Upright strips over the drawing: pointing at one shows the values there. The texts are ordinary `title` elements. */
function drawReadings(lines: readonly Line[], { x, showX, height }: Axes): Markup {
  const places = sampleEvenly([...new Set(lines.flatMap((line) => line.points.map((point) => point.x)))].sort((a, b) => a - b), READINGS);
  const middle = (index: number): number => (x(places[index]!) + x(places[index + 1]!)) / 2;
  const strips = places.map((at, index) => {
    const from = index === 0 ? PAPER.left : middle(index - 1);
    const to = index === places.length - 1 ? PAPER.width - PAPER.right : middle(index);
    const values = lines.flatMap((line) => {
      const point = nearest(line.points, at);
      return point === undefined ? [] : [`${line.name}: ${formatNumber(point.y)}`];
    });
    return html`<g class="reading"><title>${[showX(at), ...values].join('\n')}</title><rect x="${place(from)}" y="${PAPER.top}" width="${place(Math.max(0.1, to - from))}" height="${height - PAPER.bottom - PAPER.top}"/><path d="M${place(x(at))} ${PAPER.top}V${height - PAPER.bottom}"/></g>`;
  });
  return html`<g>${strips}</g>`;
}

export function drawLegend(lines: readonly { readonly name: string; readonly style: number }[]): Markup {
  return html`<ul class="legend">${lines.map(
    ({ name, style }) => html`<li><svg viewBox="0 0 24 10" aria-hidden="true"><g class="line s${style}"><path d="M1 5H23"/></g></svg>${name}</li>`,
  )}</ul>`;
}

function drawNumbers(chart: LineChart, lines: readonly Line[], { showX }: Axes): Markup {
  const places = [...new Set(lines.flatMap((line) => line.points.map((point) => point.x)))].sort((a, b) => a - b);
  const shown = sampleEvenly(places, TABLE_ROWS);
  const rows = shown.map((at) => [showX(at), ...lines.map((line) => nearest(line.points, at)?.y)]);
  const caption = shown.length < places.length ? `${shown.length} of ${places.length} places, evenly chosen` : undefined;
  return drawTable([chart.xLabel, ...lines.map((line) => line.name)], rows, caption);
}

function describe(chart: LineChart, lines: readonly Line[], { showX }: Axes): string {
  const ends = lines
    .filter((line) => line.points.length > 0)
    .map((line) => `${line.name} goes from ${formatNumber(line.points[0]!.y)} to ${formatNumber(line.points.at(-1)!.y)}`);
  const [low, high] = extent(lines.flatMap((line) => line.points.map((point) => point.x)));
  return `${chart.yLabel} over ${chart.xLabel}, ${showX(low)} to ${showX(high)}: ${ends.join('; ')}.`;
}

/** Binary search: a chart may have many thousand points. */
function nearest(points: readonly Point[], x: number): Point | undefined {
  let [low, high] = [0, points.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.x < x) low = middle + 1;
    else high = middle;
  }
  const [after, before] = [points[low], points[low - 1]];
  return before !== undefined && after !== undefined && x - before.x < after.x - x ? before : after;
}

/** `Math.min(...values)` would overflow the call stack on a long series. */
function extent(values: readonly number[]): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
