import { drawGraph, type DrawnGraph } from '../../graph/model.ts';
import { LARGEST_DRAWING, layOut } from '../../graph/layout.ts';
import { drawSvg, type CardNote } from '../../graph/svg.ts';
import { counted, formatSeconds } from '../../words/numbers.ts';
import { describeStanding, summariseStandings } from '../../words/status.ts';
import { workedSeconds } from '../../words/worked.ts';
import { html, type Markup } from '../../../dsl/util/markup.ts';
import type { RunDocument } from '../run-document.ts';
import { anchorOf, type MaybeSection } from './section.ts';

/** Wider than this, a drawing from left to right would be too small to read on a usual screen. */
const WIDEST = 1500;

/** The pipeline with what became of each task: from left to right where there is room, downwards on a phone. */
export function graphSection(document: RunDocument): MaybeSection {
  const graph = drawGraph(document.pipeline);
  if (graph.nodes.length > LARGEST_DRAWING) {
    return { id: 'graph', title: 'Graph', body: html`<p class="note">The pipeline has ${graph.nodes.length} nodes, too many to draw here. <code>pipewright graph --format dot</code> prints it for Graphviz.</p>` };
  }
  const notes = notesOf(document);
  const description = `Pipeline ${document.pipeline.name}: ${graph.nodes.filter((node) => node.kind === 'task').map((node) => `${node.title} ${describeStanding(notes.get(node.id)?.standing ?? 'Waiting')}`).join(', ')}.`;
  const isWide = layOut(graph, 'right').width <= WIDEST;
  const down = drawSvg(graph, { direction: 'down', notes, description, prefix: 'down' });
  const body = isWide
    ? html`<div class="scroll only-wide" tabindex="0">${drawSvg(graph, { direction: 'right', notes, description, prefix: 'right' })}</div><div class="scroll only-narrow" tabindex="0">${down}</div>`
    : html`<div class="scroll" tabindex="0">${down}</div>`;
  return { id: 'graph', title: 'Graph', body: html`${body}${drawKey(graph)}` };
}

function notesOf({ tasks }: RunDocument): ReadonlyMap<string, CardNote> {
  const byNode = new Map<string, RunDocument['tasks'][number][]>();
  for (const task of tasks) byNode.set(task.node, [...(byNode.get(task.node) ?? []), task]);
  const notes = new Map<string, CardNote>();
  for (const [node, instances] of byNode) {
    const standing = summariseStandings(instances.map((task) => task.status));
    const seconds = instances.reduce((sum, task) => sum + workedSeconds(task), 0);
    const cached = instances.filter((task) => task.cached).length;
    const isLoop = instances.some((task) => task.items.length > 0);
    const succeeded = instances.filter((task) => task.status === 'Succeeded').length;
    const text = isLoop
      ? `${succeeded} of ${instances.length}${cached === instances.length ? ' cached' : ''}`
      : cached === 1 ? 'cached' : standing === 'Succeeded' || standing === 'Failed' ? formatSeconds(seconds) : describeStanding(standing);
    const first = tasks.indexOf(instances.find((task) => task.status === standing) ?? instances[0]!);
    notes.set(node, {
      standing,
      text,
      link: `#${anchorOf(first)}`,
      tooltip: `${node}: ${describeStanding(standing, cached === instances.length)}${isLoop ? `, ${counted(instances.length, 'item')}` : ''}, ${formatSeconds(seconds)}`,
    });
  }
  return notes;
}

function drawKey(graph: DrawnGraph): Markup {
  const kinds = new Set(graph.edges.map((edge) => edge.kind));
  const texts = { artifact: 'an artifact', value: 'a value', control: 'starts', order: 'waits only' } as const;
  return html`<ul class="legend">${(Object.keys(texts) as (keyof typeof texts)[])
    .filter((kind) => kinds.has(kind))
    .map((kind) => html`<li><svg viewBox="0 0 24 10" aria-hidden="true"><g class="edge ${kind}"><path d="M1 5H23"/></g></svg>${texts[kind]}</li>`)}</ul>`;
}
