import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compileToArgo, emit, emitSchedule } from '../../dsl/argo/index.ts';
import { pipeline } from '../../dsl/build/index.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import { t } from '../../dsl/contract/index.ts';
import { say } from './corpus.ts';

const nightly = demandChecked(pipeline('nightly', {
  description: 'Says something each night', params: { text: t.string({ default: 'a' }), n: t.integer() },
  schedule: { cron: ' 0  6 * * 2-6', timezone: 'America/New_York', startingDeadline: '90m', history: { succeeded: 1 }, params: { n: 7 } },
}, ({ params, task }) => { task(say, { text: params.text }); }));

describe('a schedule on Argo', () => {
  const documents = compileToArgo(nightly, { namespace: 'ml' });

  it('is a CronWorkflow that refers to the WorkflowTemplate', () => {
    expect(parse(emitSchedule(documents, 'pipewright compile x.ts --schedule')!)).toEqual({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'CronWorkflow',
      metadata: expect.objectContaining({ name: 'nightly', namespace: 'ml', labels: { 'app.kubernetes.io/managed-by': 'pipewright', 'app.kubernetes.io/part-of': 'nightly' } }) as object,
      spec: {
        schedules: ['0 6 * * 2-6'], timezone: 'America/New_York', concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 5400, successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 3,
        workflowMetadata: expect.objectContaining({ labels: { 'app.kubernetes.io/managed-by': 'pipewright', 'app.kubernetes.io/part-of': 'nightly' } }) as object,
        workflowSpec: { workflowTemplateRef: { name: 'nightly' }, arguments: { parameters: [{ name: 'n', value: '7' }] } },
      },
    });
  });

  it('is in no file that somebody creates to start a run', () => {
    expect(emit(documents, 'x')).not.toContain('CronWorkflow');
  });

  it('is not there where nobody asked for one', () => {
    const { schedule: _, ...rest } = nightly;
    expect(emitSchedule(compileToArgo(rest as typeof nightly), 'x')).toBeUndefined();
  });
});
