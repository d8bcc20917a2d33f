import { setTimeout as sleep } from 'node:timers/promises';
import { compileToArgo } from '../../dsl/argo/index.ts';
import { encodeValue } from '../../dsl/contract/index.ts';
import type { CheckedPipeline } from '../../dsl/ir/index.ts';
import type { Json } from '../../dsl/util/index.ts';
import type { Cluster } from './cluster.ts';
import type { RanWorkflow } from './read-workflow.ts';

export interface ClusterSettings {
  /** An image with a POSIX shell and little else. */
  readonly image: string;
  /** Of steps in TypeScript, by their name. */
  readonly modules?: ReadonlyMap<string, string>;
  readonly serviceAccountName: string;
}

/** No run of the corpus takes so long: one that is not done by then hangs. */
const LONGEST_SECONDS = 300;
const POLL_SECONDS = 1.5;

/** Compiles a pipeline, creates its objects, and waits for the end of the run; gives what there is when it hangs. */
export async function runOnCluster(cluster: Cluster, pipeline: CheckedPipeline, parameters: Readonly<Record<string, Json>>, { image, modules, serviceAccountName }: ClusterSettings): Promise<RanWorkflow> {
  const { workflowTemplates, workflow } = compileToArgo(pipeline, { image: ({ name, program }) => (program.kind === 'module' ? modules!.get(name)! : image), serviceAccountName });
  for (const template of workflowTemplates) await cluster.create(template);
  const given = Object.entries(parameters).map(([name, value]) => ({ name, value: encodeValue(pipeline.parameters[name]!.type, value) }));
  for (let tries = 0; ; tries++) {
    const { metadata } = await cluster.create<RanWorkflow>({ ...workflow, spec: { ...workflow.spec, ...(given.length > 0 ? { arguments: { parameters: given } } : {}) } });
    const ran = await waitForEnd(cluster, metadata.name, LONGEST_SECONDS);
    // Argo's controller hears of templates and workflows one by one. On a machine that is busy it can hear of the workflow
    // first, and then ends it: nothing of the pipeline was run (docs/cluster.md, "Troubleshooting by symptom").
    if (tries === 3 || !/^workflowtemplates\.argoproj\.io ".*" not found$/.test(ran.status?.message ?? '')) return ran;
  }
}

export async function waitForEnd(cluster: Cluster, name: string, seconds: number): Promise<RanWorkflow> {
  for (const until = Date.now() + seconds * 1000; ; await sleep(POLL_SECONDS * 1000)) {
    // A server that is away for a moment is no answer, and nothing that a run is judged by.
    const found = await cluster.read(name).catch((error: unknown) => (Date.now() > until ? Promise.reject(error as Error) : undefined));
    if (found?.metadata.labels?.['workflows.argoproj.io/completed'] === 'true' || (found && Date.now() > until)) return found;
  }
}
