import { demandChecked } from '../../dsl/check/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { CheckedPipeline } from '../../dsl/ir/index.ts';
import { loadPipelineFile } from '../load/load-pipeline.ts';
import type { StopVerbOptions, WatchVerbOptions } from '../watch.ts';
import { readWorkflow, shutDown, unpackPipeline } from './argo-api.ts';
import { connect } from './connect.ts';
import { showRun } from './show-run.ts';
import { hasEnded, type Workflow } from './workflow.ts';

/** The verb `watch`. Returns the exit code. */
export async function watchWorkflow(name: string, options: WatchVerbOptions): Promise<number> {
  const cluster = await connect(options);
  const workflow = await readWorkflow(cluster, name);
  return showRun(cluster, unpackPipeline(workflow) ?? (await loadFor(workflow, options.pipeline)), workflow, options);
}

/** The verb `stop`. */
export async function stopWorkflow(name: string, options: StopVerbOptions): Promise<void> {
  const cluster = await connect(options);
  const workflow = await readWorkflow(cluster, name);
  if (hasEnded(workflow)) {
    process.stdout.write(`${name} has ended already: ${workflow.status!.phase}.\n`);
    return;
  }
  await shutDown(cluster, name, options.now === true ? 'Terminate' : 'Stop');
  process.stdout.write(`${name} is being stopped${options.now === true ? '' : '; its exit handler still runs'}.\n`);
}

/** A workflow that kubectl or a CronWorkflow made carries no pipeline: its author has the file. */
async function loadFor({ metadata, spec }: Workflow, file: string): Promise<CheckedPipeline> {
  const wanted = metadata.labels?.['app.kubernetes.io/part-of'] ?? spec.workflowTemplateRef?.name;
  const pipeline = demandChecked((await loadPipelineFile(file)).pipeline);
  if (wanted === undefined || pipeline.name === wanted) return pipeline;
  throw new PipewrightError({ code: 'PW902', message: `The workflow ${metadata.name} is a run of the pipeline "${wanted}", but ${file} is "${pipeline.name}".`, fix: 'Name the file of that pipeline with --pipeline.' });
}
