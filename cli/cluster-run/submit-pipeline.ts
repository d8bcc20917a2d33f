import { compileToArgo } from '../../dsl/argo/index.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import { encodeValue } from '../../dsl/contract/index.ts';
import type { CheckedPipeline } from '../../dsl/ir/index.ts';
import { createBundler } from '../../dsl/local/index.ts';
import type { Json } from '../../dsl/util/index.ts';
import { EXIT } from '../errors.ts';
import { loadPipelineFile } from '../load/load-pipeline.ts';
import { readParameters } from '../load/parameters.ts';
import { toCompileOptions } from '../start/compile-file.ts';
import { prepareRun } from '../start/prepare-run.ts';
import type { SubmitVerbOptions } from '../submit.ts';
import { applyTemplate, createWorkflow, packPipeline } from './argo-api.ts';
import { openClusterStore } from './cluster-store.ts';
import { connect, type Cluster } from './connect.ts';
import { howToGoOn, showRun } from './show-run.ts';
import { PIPELINE } from './workflow.ts';

/** The verb `submit`: loads, checks, prepares, compiles, starts, follows. Returns the exit code. */
export async function submitPipeline(file: string, options: SubmitVerbOptions): Promise<number> {
  const { pipeline: loaded, exported } = await loadPipelineFile(file);
  const pipeline = demandChecked(loaded);
  const given = await readParameters(pipeline, options);
  const cluster = await connect(options);
  const { workflowTemplates, workflow } = compileToArgo(pipeline, await toCompileOptions(pipeline, options));
  const parameters = typeof exported['prepare'] === 'function' ? await prepareOn(cluster, exported, pipeline, given, options.folder) : given;
  const [main, ...others] = workflowTemplates;
  // What is started is what was compiled here, and what a schedule starts stays as it is: so the pipeline travels in the
  // workflow itself. Only one that does not fit into an object is referred to.
  if (others.length > 0) for (const template of workflowTemplates) await applyTemplate(cluster, template);
  const created = await createWorkflow(cluster, {
    ...workflow,
    metadata: { ...workflow.metadata, namespace: cluster.namespace, annotations: { ...main.metadata.annotations, ...workflow.metadata.annotations, [PIPELINE]: packPipeline(pipeline) } },
    spec: { ...(others.length > 0 ? workflow.spec : main.spec), ...argumentsOf(pipeline, parameters) },
  });
  if (options.detach !== true) return showRun(cluster, pipeline, created, options, true);
  process.stdout.write(`${created.metadata.name}\n${howToGoOn(created.metadata.name, options).map((line) => `  ${line}`).join('\n')}\n`);
  return EXIT.good;
}

/** Looks at the cluster's own store: which model is in production there may differ from here. */
async function prepareOn(cluster: Cluster, exported: Readonly<Record<string, unknown>>, pipeline: CheckedPipeline, given: Readonly<Record<string, Json>>, folder: string): Promise<Readonly<Record<string, Json>>> {
  await using opened = await openClusterStore(cluster);
  const bundler = createBundler({ folder });
  // Awaited here: the store is closed when this function is left.
  return await prepareRun(exported, pipeline, given, { folder, store: opened.store, codeOf: (contract) => bundler.codeOf(contract) });
}

/** Every value in its text form, because Argo knows only texts. Checked as those of a run are. */
function argumentsOf(pipeline: CheckedPipeline, given: Readonly<Record<string, Json>>): { readonly arguments?: { readonly parameters: readonly { readonly name: string; readonly value: string }[] } } {
  const parameters = Object.entries(pipeline.parameters).flatMap(([name, { type, default: fallback }]) => {
    const value = Object.hasOwn(given, name) ? given[name] : fallback;
    return value === undefined ? [] : [{ name, value: encodeValue(type, value) }];
  });
  return parameters.length === 0 ? {} : { arguments: { parameters } };
}
