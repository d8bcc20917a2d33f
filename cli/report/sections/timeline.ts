import { formatSeconds } from '../../words/numbers.ts';
import { describeStanding } from '../../words/status.ts';
import { linearScale, numberTicks, type Scale } from '../charts/ticks.ts';
import { html, place, type Markup } from '../../../dsl/util/markup.ts';
import type { RunDocument } from '../run-document.ts';
import { workedSeconds } from '../../words/worked.ts';
import type { TaskRecord } from '../../../dsl/local/run-record.ts';
import { anchorOf, type MaybeSection } from './section.ts';

/** Sizes of the two drawings, in units of their own paper: one for a usual screen, one for a phone, whose text is larger. */
const WIDE = { width: 1200, names: 200, right: 80, row: 24, letters: 26, ticks: 8 } as const;
const NARROW = { width: 560, names: 150, right: 100, row: 32, letters: 14, ticks: 3 } as const;
const TOP = 8;
const LARGEST = 150;

/** When each task worked, one bar a task; what came from the cache is a mark. */
export function timelineSection({ run, tasks }: RunDocument): MaybeSection {
  const rows = tasks.map((task, index) => ({ task, index })).filter(({ task }) => task.attempts.length > 0 || task.cached);
  if (rows.length === 0) return undefined;
  const shown = rows.slice(0, LARGEST);
  const body = html`<div class="only-wide">${drawTimeline(run.startedAt, run.seconds, shown, WIDE)}</div><div class="only-narrow">${drawTimeline(run.startedAt, run.seconds, shown, NARROW)}</div>${
    rows.length > shown.length ? html`<p class="note">The first ${shown.length} of ${rows.length} tasks.</p>` : null
  }`;
  return { id: 'timeline', title: 'Timeline', body };
}

interface Row { readonly task: TaskRecord; readonly index: number }

function drawTimeline(startedAt: string, seconds: number | undefined, rows: readonly Row[], size: typeof WIDE | typeof NARROW): Markup {
  const origin = Date.parse(startedAt);
  const offset = (iso: string): number => Math.max(0, (Date.parse(iso) - origin) / 1000);
  const end = Math.max(0.01, seconds ?? 0, ...rows.map(({ task }) => offset(task.finishedAt)));
  const x = linearScale([0, end], [size.names, size.width - size.right]);
  const floor = TOP + rows.length * size.row;
  const ticks = numberTicks([0, end], size.ticks);
  const description = `When each task worked, over ${formatSeconds(end)}: ${rows.map(({ task }) => `${task.task} from ${formatSeconds(offset(task.startedAt))} for ${formatSeconds(workedSeconds(task))}`).join('; ')}.`;
  return html`<svg class="timeline" viewBox="0 0 ${size.width} ${floor + 28}" role="img" aria-label="Timeline of the run"><desc>${description}</desc>
<g class="grid">${ticks.map((tick) => html`<path d="M${place(x(tick.at))} ${TOP - 4}V${floor}"/>`)}</g>
<g class="tick middle">${ticks.map((tick) => html`<text x="${place(x(tick.at))}" y="${floor + 20}">${`${tick.label} s`}</text>`)}</g>
${rows.map((row, position) => drawRow(row, TOP + position * size.row, x, offset, size))}</svg>`;
}

function drawRow({ task, index }: Row, y: number, x: Scale, offset: (iso: string) => number, size: typeof WIDE | typeof NARROW): Markup {
  const from = x(offset(task.startedAt));
  const middle = y + size.row / 2;
  const name = task.task.length > size.letters ? `${task.task.slice(0, size.letters - 1)}…` : task.task;
  const said = (at: number, text: string): Markup => html`<text class="tick" x="${place(at)}" y="${place(middle + 4)}">${text}</text>`;
  const what = task.cached
    ? html`<path class="mark-cached" d="M${place(from)} ${place(middle - 6)}l6 6l-6 6l-6 -6Z"/>${said(from + 12, 'cached')}`
    : html`<path class="waiting" d="M${place(from)} ${place(middle)}H${place(x(offset(task.attempts[0]!.startedAt)))}"/>${task.attempts.map((attempt) => html`<rect class="bar ${attempt.status.toLowerCase()}" x="${place(x(offset(attempt.startedAt)))}" y="${place(middle - 7)}" width="${place(Math.max(2, x(attempt.seconds) - x(0)))}" height="14" rx="3"/>`)}${said(Math.max(from + 2, x(offset(task.finishedAt))) + 8, formatSeconds(workedSeconds(task)))}`;
  return html`<a href="#${anchorOf(index)}" class="row"><title>${tell(task, offset)}</title><rect class="hit" x="0" y="${place(y)}" width="${size.width}" height="${size.row}"/><text class="tick end" x="${size.names - 10}" y="${place(middle + 4)}">${name}</text>${what}</a>
`;
}

function tell(task: TaskRecord, offset: (iso: string) => number): string {
  const lines = [`${task.task}: ${describeStanding(task.status, task.cached)}`, `ready after ${formatSeconds(offset(task.startedAt))}, done after ${formatSeconds(offset(task.finishedAt))}`, ...(task.cached ? [] : [`at work for ${formatSeconds(workedSeconds(task))}`])];
  if (task.attempts.length > 1) lines.push(...task.attempts.map((attempt) => `attempt ${attempt.attempt}: ${attempt.status.toLowerCase()}, ${formatSeconds(attempt.seconds)}`));
  return lines.join('\n');
}
