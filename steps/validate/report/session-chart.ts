import { isCalendarDay } from '../../../model/bars.ts';
import { calendarOf, sessionsBetween, textsOf, type CalendarName, type Table, type Verdict } from '../../../model/quality/index.ts';
import { html, place, type Markup } from '../../../dsl/util/markup.ts';

const [WIDTH, ROW, LEFT, RIGHT] = [1100, 18, 56, 1030];
const DAY_MS = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A line per year: what of it the data covers, and on which days a session is missing or was set aside. */
export function drawSessions(table: Table, { quarantined }: Verdict, name: CalendarName): Markup {
  const calendar = calendarOf(name);
  const dates = textsOf(table, 'date')!;
  const days = [...new Set(dates.filter(isCalendarDay))].sort();
  if (days.length === 0) return html``;
  const [first, last] = [days[0]!, days.at(-1)!];
  const has = new Set(days);
  const expected = [first, ...sessionsBetween(calendar, first, last), ...(last > first ? [last] : [])];
  const missing = expected.filter((day) => !has.has(day));
  const aside = [...new Set(quarantined.map(({ row }) => dates[row]!).filter(isCalendarDay))];
  const years = Array.from({ length: Number(last.slice(0, 4)) - Number(first.slice(0, 4)) + 1 }, (_, at) => Number(first.slice(0, 4)) + at);
  const x = (day: string): number => LEFT + (((Date.parse(day) - Date.parse(`${day.slice(0, 4)}-01-01`)) / DAY_MS) / 366) * (RIGHT - LEFT);
  const y = (day: string): number => 20 + (Number(day.slice(0, 4)) - years[0]!) * ROW;
  const countOf = (year: number): number => missing.filter((day) => day.startsWith(`${year}-`)).length;
  const tick = (day: string, kind: string, words: string): Markup => html`<rect class="${kind}" x="${place(x(day))}" y="${y(day)}" width="2.6" height="${ROW - 4}"><title>${`${day}: ${words}`}</title></rect>`;
  const label = `${expected.length - missing.length} of ${expected.length} sessions of ${calendar.title} from ${first} to ${last} are there, ${missing.length} are missing`;
  return html`<figure><figcaption><h3>Sessions</h3></figcaption><svg viewBox="0 0 ${WIDTH} ${24 + years.length * ROW}" role="img" aria-label="${label}">
<g>${MONTHS.map((month, at) => html`<text x="${place(LEFT + (at / 12) * (RIGHT - LEFT))}" y="12">${month}</text>`)}</g>
${years.map((year) => {
  const [from, to] = [year === years[0] ? first : `${year}-01-01`, year === years.at(-1) ? last : `${year}-12-31`];
  return html`<text class="end" x="${LEFT - 8}" y="${y(from) + 12}">${String(year)}</text><rect class="span" x="${place(x(from))}" y="${y(from)}" width="${place(Math.max(3, x(to) - x(from) + 2.6))}" height="${ROW - 4}"/><text x="${RIGHT + 12}" y="${y(from) + 12}">${countOf(year) === 0 ? '' : `−${countOf(year)}`}</text>`;
})}
${missing.map((day) => tick(day, 'missing', 'session missing'))}${aside.map((day) => tick(day, 'aside', 'set aside'))}</svg><p class="note">${label} (red). Orange days have a row that was set aside. Holidays and closures are no sessions.</p></figure>`;
}
