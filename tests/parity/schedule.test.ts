import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { compileToArgo } from '../../dsl/argo/index.ts';
import { pipeline } from '../../dsl/build/index.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import { t } from '../../dsl/contract/index.ts';
import { Cluster } from './cluster.ts';
import type { RanWorkflow } from './read-workflow.ts';
import { waitForEnd } from './run-on-cluster.ts';
import { clusterSettings } from './settings.ts';
import { say } from './steps.ts';

/** It fires with each minute; what is then awaited is a pod. */
const LONGEST_SECONDS = 300;

describe('a schedule on a cluster', () => {
  const { namespace, image, serviceAccountName } = clusterSettings();
  const cluster = new Cluster(namespace, `schedule-${Date.now()}`);
  afterAll(() => cluster.clear());

  it('starts a run by itself, with the values that it gives', async () => {
    const schedule = { cron: '* * * * *', timezone: 'Asia/Kolkata', params: { text: 'by the clock {{x}}' } };
    const graph = demandChecked(pipeline('parity-schedule', { params: { text: t.string() }, schedule }, ({ params, task }) => { task(say, { text: params.text }); }));
    const { workflowTemplates, cronWorkflow } = compileToArgo(graph, { image: () => image, serviceAccountName });
    await cluster.create(workflowTemplates[0]);
    const createdAt = Date.now();
    await cluster.create(cronWorkflow!);
    let first: RanWorkflow | undefined;
    while (first === undefined && Date.now() < createdAt + LONGEST_SECONDS * 1000) {
      await sleep(1000);
      [first] = await cluster.list<RanWorkflow>('Workflow', 'workflows.argoproj.io/cron-workflow=parity-schedule');
    }
    expect(first, 'the CronWorkflow started nothing').toBeDefined();
    const seconds = (Date.now() - createdAt) / 1000;
    const { status } = await waitForEnd(cluster, first!.metadata.name, LONGEST_SECONDS);
    console.log(`started by the clock after ${seconds.toFixed(0)} s, ended ${status?.phase}`);
    const said = Object.values(status?.nodes ?? {}).find(({ name }) => name.endsWith('.say'));
    expect(status?.phase).toBe('Succeeded');
    expect(said?.outputs?.parameters?.find(({ name }) => name === 'text')?.value).toBe('by the clock {{x}}');
  });
});
