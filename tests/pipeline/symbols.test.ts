import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileToArgo } from '../../dsl/argo/index.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import { createInlineExecutor, readTasks, runPipeline } from '../../dsl/local/index.ts';
import { digestOf } from '../../dsl/util/index.ts';
import pipeline, { prepare } from '../../pipeline/symbols.ts';
import { openDirectoryStore } from '../../store/index.ts';
import { createRig, QUICK, type Rig } from '../steps/rig.ts';

describe('the pipeline for several symbols', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterAll(() => rig.remove());

  it('gives each symbol its own data, model and verdict', async () => {
    const folder = await rig.make();
    const store = await openDirectoryStore(join(folder, 'store'));
    const parameters = await prepare({ source: 'synthetic:signal?days=700&seed={symbol}', symbols: ['4', '5'], candidates: [QUICK] }, { holds: async () => false, today: () => new Date() });
    const { id, tasks } = await runPipeline(demandChecked(pipeline), {
      parameters: parameters as never, folder, store,
      executor: createInlineExecutor(), code: async ({ name }) => digestOf(name), environment: { PIPEWRIGHT_STORE: join(folder, 'store') },
    });
    expect(tasks.map(({ node, items, status }) => [node, items.join(), status]).sort()).toEqual(
      ['evaluate', 'featurize', 'ingest', 'train', 'validate'].flatMap((node) => ['0', '1'].map((item) => [node, node === 'train' ? `${item},0` : item, 'Succeeded'])),
    );
    const records = await readTasks(folder, id);
    for (const output of ['ingest.prices', 'evaluate.model']) {
      const [node, name] = output.split('.') as [string, string];
      const digests = records.filter((record) => record.node === node).map(({ outputs }) => outputs[name]!.digest);
      expect(new Set(digests).size, output).toBe(2);
    }
  }, 120_000);

  it('compiles', () => {
    const { workflowTemplates } = compileToArgo(demandChecked(pipeline), {});
    expect(workflowTemplates[0]!.metadata.name).toBe('symbols');
  });
});
