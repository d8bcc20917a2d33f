import { isCalendarDay } from '../../../model/bars.ts';
import { barsOf, type Table, type Verdict } from '../../../model/quality/index.ts';
import { dayTicks, drawValues, linear, roundTicks, type Frame } from './axis.ts';
import { html, place, type Markup } from '../../../dsl/util/markup.ts';

const [WIDTH, HEIGHT] = [1100, 340];
const FRAME: Frame = { left: 66, right: WIDTH - 14, top: 14, bottom: HEIGHT - 30 };
/** So many columns of pixels; of each the lowest and the highest close are drawn. */
const COLUMNS = 500;
/** More marks than that hide each other. */
const MARKS = 500;

/** The close of all rows that came in, over the calendar: rows that were set aside, warnings and gaps are marked. */
export function drawPrices(table: Table, { quarantined, outcomes, clean }: Verdict): Markup {
  const { date, close } = barsOf(table);
  // Rows that were set aside are marks of their own: a price of a billion would flatten the rest.
  const aside = new Set(quarantined.map(({ row }) => row));
  const drawn = Array.from(date, (_, row) => row).filter((row) => !aside.has(row) && isCalendarDay(date[row]!) && Number.isFinite(close[row]));
  if (drawn.length < 2) return html`<p class="note">There are fewer than two rows to draw.</p>`;
  const days = drawn.map((row) => date[row]!);
  const [from, to] = [days.reduce((a, b) => (a < b ? a : b)), days.reduce((a, b) => (a > b ? a : b))];
  const prices = drawn.map((row) => close[row]!);
  const [low, high] = [prices.reduce((a, b) => Math.min(a, b)), prices.reduce((a, b) => Math.max(a, b))];
  const x = linear([Date.parse(from), Date.parse(to)], [FRAME.left, FRAME.right]);
  const y = linear([low, high], [FRAME.bottom, FRAME.top]);
  const at = (row: number): number => Math.min(FRAME.right, Math.max(FRAME.left, x(Date.parse(date[row]!))));
  const height = (row: number): number => (Number.isFinite(close[row]) ? Math.min(FRAME.bottom, Math.max(FRAME.top, y(close[row]!))) : FRAME.bottom);

  const gaps = outcomes.filter(({ rule }) => rule.check === 'gap').flatMap(({ measures }) => measures);
  const bands = gaps.map(({ from: first, to: last, sessions }) => {
    const [start, end] = [x(Date.parse(String(first))), x(Date.parse(String(last)) + 86_400_000)];
    return html`<rect class="gap" x="${place(start)}" y="${FRAME.top}" width="${place(Math.max(1.5, end - start))}" height="${FRAME.bottom - FRAME.top}"><title>${`${sessions} missing: ${first} to ${last}`}</title></rect>`;
  });
  const crosses = quarantined.filter(({ row }) => isCalendarDay(date[row]!)).slice(0, MARKS).map(({ row, rule, reason }) => {
    const [left, top] = [at(row), height(row)];
    return html`<path class="bad" d="M${place(left - 4)} ${place(top - 4)}l8 8m0 -8l-8 8"><title>${`${date[row]} ${rule}: ${reason}`}</title></path>`;
  });
  const flags = outcomes.flatMap(({ rule, findings }) =>
    rule.severity !== 'warn' || rule.check === 'gap' ? [] : findings.filter(({ row }) => row !== null && isCalendarDay(date[row]!)).map(({ row, reason }) => ({ row: row!, rule: rule.id, reason })),
  );
  const triangles = flags.slice(0, MARKS).map(({ row, rule, reason }) => html`<path class="flag" d="M${place(at(row) - 5)} ${place(height(row) - 14)}h10l-5 9z"><title>${`${date[row]} ${rule}: ${reason}`}</title></path>`);
  const label = `Close from ${from} to ${to}, between ${low} and ${high}; ${quarantined.length} rows set aside, ${gaps.length} gaps`;
  return html`<figure><ul class="legend"><li><svg viewBox="0 0 18 12"><path class="close" d="M0 6H18"/></svg>close</li><li><svg viewBox="0 0 18 12"><path class="bad" d="M5 2l8 8m0 -8l-8 8"/></svg>set aside (${quarantined.length})</li><li><svg viewBox="0 0 18 12"><path class="flag" d="M4 2h10l-5 9z"/></svg>warning (${flags.length})</li><li><svg viewBox="0 0 18 12"><rect class="gap" x="4" width="9" height="12"/></svg>missing sessions (${gaps.length})</li></ul>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${drawValues(roundTicks(low, high, 5), y, FRAME)}${bands}
<g class="middle">${dayTicks(from, to, 12).map((tick) => html`<text x="${place(x(tick.at))}" y="${FRAME.bottom + 19}">${tick.label}</text>`)}</g>
<polyline class="close" points="${thin(drawn, at, height)}"/>
${triangles}${crosses}</svg><p class="note">${label}. ${clean.rows} rows go on.${quarantined.length > MARKS || flags.length > MARKS ? ` The first ${MARKS} marks of a kind are drawn.` : ''}</p></figure>`;
}

/** Of every column of pixels the first, lowest, highest and last point, so that no peak is lost. */
function thin(rows: readonly number[], x: (row: number) => number, y: (row: number) => number): string {
  const columns = new Map<number, number[]>();
  for (const row of rows) {
    const column = Math.floor((x(row) / WIDTH) * COLUMNS);
    const found = columns.get(column);
    if (found === undefined) columns.set(column, [row]);
    else found.push(row);
  }
  const kept = [...columns.values()].flatMap((group) => {
    const low = group.reduce((a, b) => (y(b) > y(a) ? b : a));
    const high = group.reduce((a, b) => (y(b) < y(a) ? b : a));
    return [...new Set([group[0]!, low, high, group.at(-1)!])].sort((a, b) => a - b);
  });
  return kept.map((row) => `${place(x(row))},${place(y(row))}`).join(' ');
}
