import { formatSeconds, formatTime } from '../words/numbers.ts';
import { describeRoom } from '../words/room.ts';
import { shortValue } from '../words/values.ts';
import { html, type Markup } from '../../dsl/util/markup.ts';
import { drawFacts, drawShell } from './page-shell.ts';
import type { RunDocument } from './run-document.ts';
import { artifactsSection } from './sections/artifacts.ts';
import { figuresSection, headlineSection } from './sections/figures.ts';
import { graphSection } from './sections/graph.ts';
import { drawBadge, drawDefinitions, type MaybeSection, type Section } from './sections/section.ts';
import { failuresSection, stepsSection } from './sections/steps.ts';
import { timelineSection } from './sections/timeline.ts';

/**
 * A run as one self-contained HTML page: no request leaves it, it works without JavaScript, and everything that came
 * from a run is escaped.
 */
export function drawPage(document: RunDocument): string {
  const { run, pipeline } = document;
  const sections: readonly Section[] = [
    failuresSection(document),
    headlineSection(document),
    graphSection(document),
    timelineSection(document),
    figuresSection(document),
    stepsSection(document),
    artifactsSection(document),
    parametersSection(document),
  ].filter((section) => section !== undefined);
  return drawShell({
    title: `${pipeline.name} · ${run.status.toLowerCase()} · ${run.id}`,
    header: html`<h1>${pipeline.name} ${drawBadge(run.status)}</h1>
${pipeline.description === undefined ? null : html`<p class="lead">${pipeline.description}</p>`}
${drawFacts(factsOf(document))}
<nav aria-label="Sections">${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</nav>`,
    main: sections.map(drawSection),
    footer: html`Run <code>${run.id}</code>, executor ${run.executor}, ${describeRoom(run.maximumParallel)}. <code>pipewright why &lt;step&gt;</code> says what a step's cache entry depends on; <code>pipewright runs compare</code> sets two runs side by side.`,
  });
}

function drawSection({ id, title, body }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${body}</section>
`;
}

function factsOf({ run, tasks }: RunDocument): readonly (readonly [string, string])[] {
  const count = (predicate: (task: RunDocument['tasks'][number]) => boolean): number => tasks.filter(predicate).length;
  const failed = count((task) => task.status === 'Failed' || task.status === 'Error');
  return [
    ['Started', formatTime(run.startedAt)],
    ['Took', formatSeconds(run.seconds ?? 0)],
    ['Steps', String(tasks.length)],
    ['Worked', String(count((task) => task.status === 'Succeeded' && !task.cached))],
    ['From cache', String(count((task) => task.cached))],
    ...(failed === 0 ? [] : ([['Failed', String(failed)]] as const)),
    ['Run', run.id],
  ];
}

function parametersSection({ run, pipeline }: RunDocument): MaybeSection {
  const entries = Object.entries(run.parameters);
  if (entries.length === 0) return undefined;
  return {
    id: 'parameters',
    title: 'Parameters',
    body: drawDefinitions(
      entries.map(([name, value]) => {
        const declaration = pipeline.parameters[name];
        return [name, html`<code>${shortValue(value, 2000)}</code>${declaration?.description === undefined ? null : html` <span class="note">${declaration.description}</span>`}`];
      }),
    ),
  };
}
