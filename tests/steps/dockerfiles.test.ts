import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODULE_COMMAND } from '../../dsl/contract/index.ts';
import { createBundler } from '../../dsl/local/index.ts';
import pipeline from '../../pipeline/pipeline.ts';

describe('Dockerfiles', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipewright-bundles-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(Object.keys(pipeline.steps))('that of %s takes all that its bundle holds, and runs it as nobody in particular', async (name) => {
    const lines = (await readFile(new URL(`../../steps/${name}/Dockerfile`, import.meta.url), 'utf8')).split('\n');
    const instruction = (word: string): string => lines.find((line) => line.startsWith(`${word} `))!.slice(word.length + 1);
    const { assets } = await createBundler({ folder }).bundle(pipeline.steps[name]!);
    expect(instruction('COPY').split(' ')).toEqual(['main.mjs', ...[...assets].sort((a, b) => a.length - b.length), '/app/']);
    expect(JSON.parse(instruction('ENTRYPOINT'))).toEqual(MODULE_COMMAND);
    expect(instruction('USER')).toBe('1000:1000');
    expect(instruction('FROM')).toBe('${BASE}');
  });
});
