import { encodeValue } from '../contract/index.ts';
import type { CheckedPipeline } from '../ir/index.ts';
import type { CronWorkflow } from './types.ts';
import { metadataOf } from './workflow.ts';

/**
 * The object that starts runs by the clock, where the pipeline has a schedule. Its workflows refer to the WorkflowTemplate
 * as one that a person creates does. https://argo-workflows.readthedocs.io/en/latest/cron-workflows/
 */
export function cronWorkflow(pipeline: CheckedPipeline, place: { readonly namespace?: string | undefined }): CronWorkflow | undefined {
  const { name, schedule, parameters: declarations } = pipeline;
  if (schedule === undefined) return undefined;
  const parameters = Object.entries(schedule.parameters).map(([parameter, value]) => ({ name: parameter, value: encodeValue(declarations[parameter]!.type, value) }));
  const metadata = metadataOf(pipeline, { name }, place, true);
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'CronWorkflow',
    metadata,
    spec: {
      schedules: [schedule.cron.trim().split(/\s+/).join(' ')],
      timezone: schedule.timezone,
      concurrencyPolicy: schedule.concurrencyPolicy,
      startingDeadlineSeconds: Math.ceil(schedule.startingDeadlineSeconds),
      successfulJobsHistoryLimit: schedule.history.succeeded,
      failedJobsHistoryLimit: schedule.history.failed,
      workflowMetadata: { ...(metadata.labels === undefined ? {} : { labels: metadata.labels }), ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }) },
      workflowSpec: { workflowTemplateRef: { name }, ...(parameters.length > 0 ? { arguments: { parameters } } : {}) },
    },
  };
}
