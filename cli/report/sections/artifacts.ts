import { outputsIn } from '../../../dsl/ir/index.ts';
import type { TaskRecord } from '../../../dsl/local/run-record.ts';
import { indexNodes } from '../../../dsl/ir/index.ts';
import type { ArtifactReference } from '../../../store/index.ts';
import { counted, formatBytes } from '../../words/numbers.ts';
import { shortDigest } from '../../words/values.ts';
import { html, type Markup } from '../../../dsl/util/markup.ts';
import type { RunDocument } from '../run-document.ts';
import { anchorOf, type MaybeSection } from './section.ts';

const LARGEST = 300;

/** Every artifact of the run: what it is, who made it, who read it. */
export function artifactsSection(document: RunDocument): MaybeSection {
  const rows = document.tasks.flatMap((task) => Object.entries(task.outputs).map(([output, reference]) => ({ task, output, reference })));
  if (rows.length === 0) return undefined;
  const consumers = consumersOf(document);
  const kind = (task: TaskRecord, output: string): string => document.pipeline.steps[task.step]?.outputs[output]?.artifact.kind ?? 'file';
  const indexes = new Map(document.tasks.map((task, index) => [task.task, index]));
  const link = (name: string): Markup => html`<a href="#${anchorOf(indexes.get(name)!)}">${name}</a>`;
  return {
    id: 'artifacts',
    title: 'Artifacts',
    body: html`<div class="scroll" tabindex="0"><table class="artifacts"><thead><tr><th scope="col">Artifact</th><th scope="col">Kind</th><th scope="col" class="n">Size</th><th scope="col">Digest</th><th scope="col">Made by</th><th scope="col">Read by</th></tr></thead>
<tbody>${rows.slice(0, LARGEST).map(
      ({ task, output, reference }) => html`<tr><th scope="row">${task.task}.${output}</th><td>${kind(task, output)}</td><td class="n">${formatBytes(reference.size)}${reference.files === undefined ? null : html`<br>${counted(reference.files, 'file')}`}</td><td><code title="${reference.digest}">${shortDigest(reference.digest)}</code></td><td>${link(task.task)}${task.cached ? ' (cached)' : null}</td><td>${joined((consumers.get(keyOf(task.node, output)) ?? []).filter((reader) => reader.digests.has(reference.digest)).map((reader) => link(reader.task)))}</td></tr>
`,
    )}</tbody></table></div>${rows.length > LARGEST ? html`<p class="note">The first ${LARGEST} of ${rows.length} artifacts.</p>` : null}
<p class="note"><code>pipewright artifacts get ${document.run.id}/${rows[0]!.task.task}/${rows[0]!.output} --to path</code> copies one out of the store.</p>`,
  };
}

interface Reader { readonly task: string; readonly digests: ReadonlySet<string> }

/** For each output of a node the instances whose inputs come from it. Which instance's it was is told by the digest. */
function consumersOf({ pipeline, tasks }: RunDocument): ReadonlyMap<string, readonly Reader[]> {
  const places = indexNodes(pipeline);
  const found = new Map<string, Reader[]>();
  for (const task of tasks) {
    const node = places.get(task.node)?.node;
    if (node?.kind !== 'Task') continue;
    for (const [input, source] of Object.entries(node.inputs)) {
      const given = task.inputs[input];
      if (given === undefined || given === null) continue;
      const digests = new Set((Array.isArray(given) ? (given as readonly ArtifactReference[]) : [given as ArtifactReference]).map((reference) => reference.digest as string));
      for (const { task: maker, output } of outputsIn(source)) {
        const key = keyOf(maker, output);
        found.set(key, [...(found.get(key) ?? []), { task: task.task, digests }]);
      }
    }
  }
  return found;
}

function keyOf(node: string, output: string): string {
  return `${node}/${output}`;
}

function joined(links: readonly Markup[]): Markup | string {
  return links.length === 0 ? '–' : html`${links.map((link, index) => html`${index === 0 ? null : ', '}${link}`)}`;
}
