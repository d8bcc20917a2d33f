import type { BarChart } from '../../../dsl/contract/index.ts';
import { formatNumber } from '../../words/numbers.ts';
import { html, place, type Markup } from '../../../dsl/util/markup.ts';
import { drawEmpty, drawFigure, drawTable, PAPER } from './figure.ts';
import { isDrawable, linearScale, niceDomain, numberTicks } from './ticks.ts';

const ROW = 24;
const NAMES = 182;
/** Room for a value beside the longest bar. */
const VALUES = 58;
const NAME_LENGTH = 23;
const TOP = 34;

/** Lying bars: their names can be long, and there may be many. */
export function drawBarChart(chart: BarChart): Markup {
  const bars = chart.bars.filter((bar) => isDrawable(bar.value));
  if (bars.length === 0) return drawEmpty(chart.title, chart.note);
  const values = bars.map((bar) => bar.value);
  const domain = niceDomain(Math.min(0, ...values), Math.max(0, ...values), 5);
  const hasNegative = domain[0] < 0;
  const x = linearScale(domain, [NAMES + (hasNegative ? VALUES : 0), PAPER.width - VALUES]);
  const floor = TOP + bars.length * ROW;
  const drawing = [
    html`<g class="grid">${numberTicks(domain, 5).map(({ at }) => html`<path d="M${place(x(at))} ${TOP - 4}V${floor}"/>`)}</g>
<text class="label" x="${place(x(domain[0]))}" y="14">${chart.yLabel}</text>
`,
    bars.map((bar, index) => {
      const [from, to] = [x(Math.min(0, bar.value)), x(Math.max(0, bar.value))];
      const y = TOP + index * ROW;
      const isNegative = bar.value < 0;
      return html`<g class="bar ${isNegative ? 's1' : 's0'}"><title>${`${bar.name}\n${formatNumber(bar.value)}`}</title><rect class="hit" x="0" y="${y}" width="${PAPER.width}" height="${ROW}"/><rect x="${place(from)}" y="${y + 4}" width="${place(Math.max(0.5, to - from))}" height="${ROW - 8}" rx="2"/><text class="tick end" x="${NAMES - 8}" y="${y + 16}">${shorten(bar.name)}</text><text class="tick ${isNegative ? 'end' : 'start'}" x="${place(isNegative ? from - 6 : to + 6)}" y="${y + 16}">${formatNumber(bar.value)}</text></g>
`;
    }),
    html`<g class="axis"><path d="M${place(x(0))} ${TOP - 4}V${floor}"/></g>`,
  ];
  const highest = bars.reduce((best, bar) => (bar.value > best.value ? bar : best));
  const lowest = bars.reduce((best, bar) => (bar.value < best.value ? bar : best));
  return drawFigure({
    title: chart.title,
    note: chart.note,
    description: `${chart.yLabel} of ${bars.length}: highest ${highest.name} with ${formatNumber(highest.value)}, lowest ${lowest.name} with ${formatNumber(lowest.value)}.`,
    height: floor + 8,
    drawing,
    table: drawTable(['', chart.yLabel], bars.map((bar) => [bar.name, bar.value])),
  });
}

function shorten(name: string): string {
  return name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH - 1)}…` : name;
}
