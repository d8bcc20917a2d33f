import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readParameters } from '../../cli/load/parameters.ts';
import { defineContainerStep, pipeline, t } from '../../dsl/index.ts';
import { createRig, type Rig } from '../steps/rig.ts';

const step = defineContainerStep({ name: 'nothing', image: 'alpine:3.22', command: () => ['true'] });
const params = { rules: t.json({ default: null }), rates: t.list(t.number(), { default: [] }), note: t.string({ default: '' }) };
const reading = pipeline('reading', { params }, ({ task }) => void task(step, {}));

describe('a parameter', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterAll(() => rig.remove());
  const read = async (name: string, text: string) => {
    const path = join(rig.folder, name);
    await writeFile(path, text);
    return async (parameter: string) => (await readParameters(reading, { param: [`${parameter}=@${path}`] }))[parameter];
  };

  it('in JSON is read from a file in YAML or JSON, and checked as if it stood there', async () => {
    expect(await (await read('a.yaml', '# a draft\nrules:\n- check: stale\n'))('rules')).toEqual({ rules: [{ check: 'stale' }] });
    expect(await (await read('a.json', '[0.1, 0.2]'))('rates')).toEqual([0.1, 0.2]);
    expect(await (await read('empty.yaml', ''))('rules')).toBeNull();
    await expect((await read('b.json', '["a"]'))('rates')).rejects.toThrow('PW307: The parameter "rates" has an item 0 that is "a", which is not a number.');
    await expect((await read('c.yaml', 'a: [1'))('rules')).rejects.toThrow(/^PW901: The file of the parameter "rules", .*c\.yaml, is neither YAML nor JSON: /);
  });

  it('that is a text may begin with "@"', async () => {
    expect(await readParameters(reading, { param: ['note=@home'] })).toEqual({ note: '@home' });
  });
});
