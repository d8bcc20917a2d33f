import type { ArtifactReference } from '../../../store/index.ts';
import { describeChange, describeMiss } from '../../../dsl/local/change.ts';
import type { TaskRecord } from '../../../dsl/local/run-record.ts';
import { isList } from '../../../dsl/local/task-instance.ts';
import type { Json } from '../../../dsl/util/index.ts';
import { counted, formatBytes, formatSeconds, formatTime } from '../../words/numbers.ts';
import { workedSeconds } from '../../words/worked.ts';
import { describeValues, shortDigest, shortValue } from '../../words/values.ts';
import { html, type Insert, type Markup } from '../../../dsl/util/markup.ts';
import type { LogTail, RunDocument } from '../run-document.ts';
import { anchorOf, drawBadge, drawDefinitions, type MaybeSection } from './section.ts';

/** More details than this would make a page of many megabytes; what failed is always among them. */
const LARGEST = 200;

/** One line a task; opening it shows what it was given, what it made and why it ran or did not. */
export function stepsSection(document: RunDocument): MaybeSection {
  const rows = document.tasks.map((task, index) => ({ task, index }));
  const chosen = rows.length <= LARGEST ? rows : [...rows.filter(({ task }) => isBad(task)), ...rows.filter(({ task }) => !isBad(task))].slice(0, LARGEST).sort((a, b) => a.index - b.index);
  return {
    id: 'steps',
    title: 'Steps',
    body: html`<div class="steps">${chosen.map(({ task, index }) => drawStep(task, index, document.logs.get(task.task)))}</div>
${chosen.length < rows.length ? html`<p class="note">${chosen.length} of ${rows.length} tasks. <code>pipewright runs show ${document.run.id}</code> prints all of them.</p>` : null}`,
  };
}

/** What failed, with its reason, its mend and the end of its log: nobody should have to look for it. */
export function failuresSection(document: RunDocument): MaybeSection {
  const failed = document.tasks.filter(isBad).slice(0, 20);
  if (failed.length === 0) return undefined;
  return {
    id: 'failures',
    title: failed.length === 1 ? 'What failed' : `What failed (${failed.length})`,
    body: html`${failed.map((task) => html`<div class="failure"><h3>${drawBadge(task.status)} <a href="#${anchorOf(document.tasks.indexOf(task))}">${task.task}</a></h3>
${task.reason === undefined ? null : html`<p><strong>${task.reason.code}</strong> ${task.reason.message}</p><p class="fix">→ ${task.reason.fix}</p>`}
${drawLog(document.logs.get(task.task))}</div>
`)}`,
  };
}

function isBad(task: TaskRecord): boolean {
  return task.status === 'Failed' || task.status === 'Error';
}

function drawStep(task: TaskRecord, index: number, log: LogTail | undefined): Markup {
    const time = task.attempts.length === 0 ? null : formatSeconds(workedSeconds(task));
  return html`<details class="step" id="${anchorOf(index)}"><summary>${drawBadge(task.status, task.cached)}<span class="name">${task.task}</span><span class="brief">${describeValues(task.results)}</span><span class="time">${time}</span></summary>
<div class="inside">
${drawDefinitions([
    ['Step', task.step],
    ...(task.reason === undefined ? [] : ([['Reason', html`<strong>${task.reason.code}</strong> ${task.reason.message} <span class="fix">→ ${task.reason.fix}</span>`]] as [string, Insert][])),
    ['Cache', drawCache(task)],
    ...(task.fingerprint === undefined ? [] : ([['Fingerprint', html`<code>${shortDigest(task.fingerprint)}</code>${task.parts === undefined ? null : html` · code <code>${shortDigest(task.parts.code)}</code>`}`]] as [string, Insert][])),
    ['Time', html`${formatTime(task.startedAt)}, ${formatSeconds(task.seconds)} with waiting${task.attempts.length > 1 ? `, ${counted(task.attempts.length, 'attempt')}` : null}`],
  ])}
${drawValues('Parameters', task.parameters)}
${drawArtifacts('Inputs', task.inputs)}
${drawArtifacts('Outputs', task.outputs)}
${drawValues('Results', task.results)}
${drawAttempts(task)}
${drawLog(log)}
</div></details>
`;
}

function drawCache(task: TaskRecord): Markup {
  const { cache } = task;
  if (cache.status === 'hit') {
    return html`taken from run <code>${cache.run}</code>${cache.task === task.task ? null : html`, task ${cache.task}`}, ${formatTime(cache.finishedAt)}; it took ${formatSeconds(cache.seconds)} then`;
  }
  if (cache.status === 'unasked') return html`not asked`;
  if (cache.because.why !== 'changed') return html`worked: ${describeMiss(cache.because)}`;
  return html`worked, because these changed since run <code>${cache.because.since}</code>: <ul>${cache.because.changes.map((change) => html`<li>${describeChange(change)}</li>`)}</ul>`;
}

function drawValues(title: string, values: Readonly<Record<string, Json>>): Markup | null {
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  return html`<h4>${title}</h4>${drawDefinitions(entries.map(([name, value]) => [name, html`<code>${shortValue(value, 2000)}</code>`]))}`;
}

function drawArtifacts(title: string, artifacts: TaskRecord['inputs']): Markup | null {
  const entries = Object.entries(artifacts);
  if (entries.length === 0) return null;
  const one = (reference: ArtifactReference): Markup => html`<code title="${reference.digest}">${shortDigest(reference.digest)}</code> ${formatBytes(reference.size)}${reference.files === undefined ? null : `, ${counted(reference.files, 'file')}`}`;
  return html`<h4>${title}</h4>${drawDefinitions(
    entries.map(([name, reference]) => [name, reference === null ? 'absent' : isList(reference) ? html`<ol start="0">${reference.slice(0, 30).map((inner) => html`<li>${one(inner)}</li>`)}</ol>` : one(reference)]),
  )}`;
}

function drawAttempts(task: TaskRecord): Markup | null {
  if (task.attempts.length < 2) return null;
  return html`<h4>Attempts</h4><ol>${task.attempts.map((attempt) => html`<li>${drawBadge(attempt.status)} ${formatSeconds(attempt.seconds)}${attempt.exitCode === undefined ? null : `, exit code ${attempt.exitCode}`}${attempt.reason === undefined ? null : html`: ${attempt.reason.message}`}</li>`)}</ol>`;
}

function drawLog(log: LogTail | undefined): Markup | null {
  if (log === undefined || log.lines.length === 0) return null;
  return html`<h4>Log${log.attempt > 1 ? ` of attempt ${log.attempt}` : null}</h4><pre class="log" tabindex="0">${log.isCut ? html`<span class="note">… the end of it
</span>` : null}${log.lines.join('\n')}</pre>`;
}
