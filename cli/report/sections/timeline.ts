import { formatSeconds } from '../../words/numbers.ts';
import { describeStanding } from '../../words/status.ts';
import { linearScale, numberTicks } from '../charts/ticks.ts';
import { html } from '../markup.ts';
import type { RunDocument } from '../run-document.ts';
import type { TaskRecord } from '../../../dsl/local/run-record.ts';
import { anchorOf, type MaybeSection } from './section.ts';

const WIDTH = 1200;
const NAMES = 190;
const RIGHT = 70;
const ROW = 24;
const TOP = 8;
const LARGEST = 150;

/** When each task worked, one bar a task; what came from the cache is a mark. */
export function timelineSection({ run, tasks }: RunDocument): MaybeSection {
  const rows = tasks.map((task, index) => ({ task, index })).filter(({ task }) => task.attempts.length > 0 || task.cached);
  if (rows.length === 0) return undefined;
  const shown = rows.slice(0, LARGEST);
  const origin = Date.parse(run.startedAt);
  const offset = (iso: string): number => (Date.parse(iso) - origin) / 1000;
  const end = Math.max(0.01, run.seconds ?? 0, ...shown.map(({ task }) => offset(task.finishedAt)));
  const x = linearScale([0, end], [NAMES, WIDTH - RIGHT]);
  const floor = TOP + shown.length * ROW;
  const at = (value: number): string => value.toFixed(1);
  const description = `When each task worked, over ${formatSeconds(end)}: ${shown.map(({ task }) => `${task.task} from ${formatSeconds(offset(task.startedAt))} for ${formatSeconds(task.seconds)}`).join('; ')}.`;
  const body = html`<div class="scroll" tabindex="0"><svg class="timeline" viewBox="0 0 ${WIDTH} ${floor + 26}" role="img" aria-label="Timeline of the run"><desc>${description}</desc>
<g class="grid">${numberTicks([0, end], 7).map((tick) => html`<path d="M${at(x(tick.at))} ${TOP - 4}V${floor}"/>`)}</g>
<g class="tick middle">${numberTicks([0, end], 7).map((tick) => html`<text x="${at(x(tick.at))}" y="${floor + 18}">${`${tick.label} s`}</text>`)}</g>
${shown.map(({ task, index }, row) => {
    const y = TOP + row * ROW;
    const from = x(Math.max(0, offset(task.startedAt)));
    const name = task.task.length > 26 ? `${task.task.slice(0, 25)}…` : task.task;
    return html`<a href="#${anchorOf(index)}" class="row"><title>${tell(task, offset)}</title><rect class="hit" x="0" y="${y}" width="${WIDTH}" height="${ROW}"/><text class="tick end" x="${NAMES - 10}" y="${y + 16}">${name}</text>${
      task.cached
        ? html`<path class="mark-cached" d="M${at(from)} ${y + 6}l6 6l-6 6l-6 -6Z"/><text class="tick" x="${at(from + 12)}" y="${y + 16}">cached</text>`
        : html`${task.attempts.map((attempt) => html`<rect class="bar ${attempt.status.toLowerCase()}" x="${at(x(Math.max(0, offset(attempt.startedAt))))}" y="${y + 5}" width="${at(Math.max(2, x(attempt.seconds) - x(0)))}" height="14" rx="3"/>`)}<text class="tick" x="${at(Math.max(from + 2, x(offset(task.finishedAt))) + 8)}" y="${y + 16}">${formatSeconds(task.seconds)}</text>`
    }</a>
`;
  })}</svg></div>${rows.length > shown.length ? html`<p class="note">The first ${shown.length} of ${rows.length} tasks.</p>` : null}`;
  return { id: 'timeline', title: 'Timeline', body };
}

function tell(task: TaskRecord, offset: (iso: string) => number): string {
  const lines = [`${task.task}: ${describeStanding(task.status, task.cached)}`, `from ${formatSeconds(Math.max(0, offset(task.startedAt)))} for ${formatSeconds(task.seconds)}`];
  if (task.attempts.length > 1) lines.push(...task.attempts.map((attempt) => `attempt ${attempt.attempt}: ${attempt.status.toLowerCase()}, ${formatSeconds(attempt.seconds)}`));
  return lines.join('\n');
}
