import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Author } from './support/call.ts';
import { expectAnswer, tablesOf } from './support/table.ts';

const [rows] = tablesOf('Steps');

/** One step that does as it is told, one that reads what it wrote, and one that has nothing to do with it. */
const pipelineOf = (script: string): string => `import { artifact, defineContainerStep, pipeline, t } from 'pipewright';
const work = defineContainerStep({ name: 'work', image: 'alpine:3.22', outputs: { note: artifact.file() }, results: { n: t.integer() },
  command: ({ output, result }) => ['sh', '-c', ${JSON.stringify(script)}, 'work', output('note'), result('n')] });
const after = defineContainerStep({ name: 'after', image: 'alpine:3.22', inputs: { note: artifact.file() }, command: ({ input }) => ['cat', input('note')] });
const beside = defineContainerStep({ name: 'beside', image: 'alpine:3.22', command: () => ['true'] });
export default pipeline('steps', {}, ({ task }) => {
  task(after, { note: task(work, {}, { timeout: '1s' }).note });
  task(beside, {}, { cache: false });
});
`;

let author: Author;
beforeAll(async () => {
  author = await Author.create();
});
afterAll(() => author.remove());

describe('a step that does not keep to its contract', () => {
  it.each(rows!)('$what', async (row) => {
    await author.write('file.ts', pipelineOf(row.given));
    const told = await author.call(['run', 'file.ts']);
    expectAnswer(told, { ...row, exit: 1 });
    expect(told.text).toMatch(/^∅ +after +omitted$/m);
    expect(told.text).toMatch(/^✓ +beside +succeeded/m);
  });

  it('and one that does', async () => {
    await author.write('file.ts', pipelineOf('echo x > "$1"; echo 1 > "$2"'));
    expect(await author.call(['run', 'file.ts'])).toMatchObject({ code: 0 });
  });
});
