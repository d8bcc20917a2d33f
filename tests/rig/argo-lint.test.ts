import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileToArgo, emit, emitSchedule, LIMITS, type ArgoDocuments, type Limits } from '../../dsl/argo/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { pipeline } from '../../dsl/build/index.ts';
import { whyNoCron } from '../../dsl/check/cron.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import { corpus, count, say, show } from '../argo/corpus.ts';
import { findLint, HOW_TO_ENABLE, type Finding, type Lint } from '../argo/lint.ts';
import { randomPipeline } from '../argo/random-pipeline.ts';
import { compileCorpus } from '../argo/support.ts';

const found = await findLint();
if (typeof found === 'string') {
  console.warn(`\nSKIPPED: nothing was given to Argo's own validator. ${found}\nTo do so, ${HOW_TO_ENABLE}.\n`);
  describe.skip("Argo's own validator and CRDs", () => {
    it(`skipped: ${found}`, () => undefined);
  });
} else describeLint(found);

function describeLint(lint: Lint): void {
  describe("Argo's own validator and CRDs", () => {
    let folder: string;
    beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'argo-lint-')); });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    const lintTexts = async (texts: Readonly<Record<string, string>>): Promise<readonly Finding[]> => {
      const files = await Promise.all(Object.entries(texts).map(async ([name, text]) => {
        const file = join(folder, `${name}.yaml`);
        await writeFile(file, text);
        return file;
      }));
      return lint(files);
    };
    const print = (documents: ArgoDocuments): string => emit(documents, 'pipewright compile test.ts');

    it('accept every construct', async () => {
      expect(await lintTexts(Object.fromEntries(Object.entries(corpus).map(([name, graph]) => [name, print(compileToArgo(graph))])))).toEqual([]);
    });

    it('accept them divided into small DAGs and objects', async () => {
      const limits = { tasks: 12, templates: 4 };
      expect(await lintTexts(Object.fromEntries(Object.entries(corpus).map(([name, graph]) => [name, print(compileToArgo(graph, { limits }))])))).toEqual([]);
    });

    it('accept any pipeline', async () => {
      const seed = Math.floor(Math.random() * 2 ** 31);
      const choices = fc.sample(fc.array(fc.nat({ max: 0xffff }), { minLength: 1, maxLength: 300 }), { numRuns: 200, seed });
      const texts: Record<string, string> = {};
      for (const [index, decisions] of choices.entries()) {
        const graph = randomPipeline(decisions, { name: `random-${index}` });
        const limits: Partial<Limits> = index % 3 === 0 ? { tasks: 7, templates: 5 } : {};
        try {
          texts[`random-${index}`] = print(compileToArgo(graph, { limits }));
        } catch (error) {
          if (!(error instanceof PipewrightError && error.code === 'PW202')) throw error;
        }
      }
      expect(Object.keys(texts).length).toBeGreaterThan(170);
      expect(await lintTexts(texts), `seed ${seed}`).toEqual([]);
    });

    it('accept options and a graph of a thousand steps', async () => {
      const graph = demandChecked(pipeline('thousand', {}, ({ task }) => {
        let last = task(say, { text: 'start' });
        for (let i = 1; i < 1000; i++) last = task(say, { text: last.text }, { name: `step-${i}` });
      }));
      const options = { namespace: 'ml', serviceAccountName: 'runner', environmentSecret: 'other', image: () => 'registry.example/a@sha256:0123' };
      expect(await lintTexts({ thousand: print(compileToArgo(graph)), options: print(compileCorpus('exit-handler', options)) })).toEqual([]);
    });

    it('accept schedules, and read the fields of cron as the checks do', async () => {
      const scheduled = (name: string, cron: string, timezone = 'America/New_York'): string => {
        const graph = demandChecked(pipeline(name, { schedule: { cron: '0 6 * * *', timezone: 'UTC' } }, ({ task }) => { task(say, { text: 'x' }); }));
        const documents = compileToArgo(graph);
        const cronWorkflow = { ...documents.cronWorkflow!, spec: { ...documents.cronWorkflow!.spec, schedules: [cron], timezone } };
        return `${print(documents)}---\n${emitSchedule({ ...documents, cronWorkflow }, 'x')!}`;
      };
      const fields = ['* * * * *', '0 6 * * 2-6', '*/15 0-6,18-23/2 1,15 JAN-mar,12 sun,Tue-Fri', '? ? ? ? ?', '5/10 * * * *', '0 0 29 2 *', '60 * * * *', '0 24 * * *', '0 0 0 * *', '0 0 * * 7', '6-2 * * * *', '*/0 * * * *', '1-2-3 * * * *', '0 0 6 * * *'];
      const findings = await lintTexts(Object.fromEntries(fields.map((cron, index) => [`cron-${index}`, scheduled(`cron-${index}`, cron)])));
      const refused = fields.filter((_, index) => findings.some(({ file }) => file.endsWith(`/cron-${index}.yaml`)));
      expect(refused).toEqual(fields.filter((cron) => whyNoCron(cron) !== undefined));
      expect(await lintTexts({ zone: scheduled('zone', '0 6 * * *', 'europe/berlin') })).not.toEqual([]);
    });

    it('do refuse what is beyond the limits that the compiler keeps to', async () => {
      const wide = demandChecked(pipeline('wide', {}, ({ task }) => {
        for (let i = 0; i <= LIMITS.tasks; i++) task(show, { value: i }, { name: `n${i}` });
      }));
      const various = demandChecked(pipeline('various', {}, ({ task, when }) => {
        const { isBig } = task(count, { n: 1 });
        for (let i = 0; i < LIMITS.templates; i++) {
          when(isBig, ({ task }) => {
            task(show, { value: i }, { name: `a${i}` });
            task(show, { value: i }, { name: `b${i}` });
          });
        }
      }));
      const many = demandChecked(pipeline('many', {}, ({ task, when }) => {
        const made = Array.from({ length: LIMITS.parameters + 1 }, (_, i) => task(count, { n: i }, { name: `n${i}` }));
        when(made[0]!.isBig, ({ task }) => {
          task(show, { value: 1 });
          for (const [i, { n }] of made.entries()) task(show, { value: n }, { name: `m${i}` });
        });
      }));
      const limits: Limits = { tasks: 1000, templates: 1000, parameters: 1000, bytes: Number.POSITIVE_INFINITY };
      const findings = await lintTexts({ wide: print(compileToArgo(wide, { limits })), various: print(compileToArgo(various, { limits })), many: print(compileToArgo(many, { limits })) });
      const messages = findings.filter(({ check }) => check === 'crd').map(({ name, message }) => `${name}: ${message}`).join('\n');
      expect(messages).toMatch(/wide: .*dag\.tasks.*200/);
      expect(messages).toMatch(/various: .*templates.*200/);
      expect(messages).toMatch(/many: .*inputs\.parameters.*500/);
      expect(await lintTexts({ wide: print(compileToArgo(wide)), various: print(compileToArgo(various)) })).toEqual([]);
    });

    it('do find mistakes', async () => {
      const text = print(compileCorpus('settings'));
      const findings = await lintTexts({ policy: text.replace('retryPolicy: Always', 'retryPolicy: Sometimes'), field: text.replaceAll('settings', 'fields').replace('failFast: false', 'failFats: false') });
      expect(findings.map(({ name }) => name)).toEqual(expect.arrayContaining(['settings', 'fields']));
    });
  });
}
