import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import type { StepContract } from '../../dsl/contract/index.ts';
import { createBundler } from '../../dsl/local/index.ts';
import { makeFolder } from './support/folders.ts';
import { makeModel, MODEL_NAME } from './support/models.ts';
import { makeRegistry, promoteModel } from './support/stored.ts';

/** As the verb `images` packs it. */
const SERVING = { name: 'serving', image: 'pipewright/serving', program: { kind: 'module', entry: new URL('../../serving/main.ts', import.meta.url).href } } as StepContract;

describe('the packed server', () => {
  it('serves from a folder that holds nothing else', async () => {
    const root = await makeFolder('bundle');
    const { main } = await createBundler({ folder: root }).bundle(SERVING);
    const alone = join(root, 'alone');
    await cp(main, join(alone, 'main.mjs'));
    // No compiler and no TensorFlow in the image: the server needs neither.
    expect((await stat(main)).size).toBeLessThan(3_000_000);
    expect(await readFile(main, 'utf8')).not.toMatch(/node_modules\/(@tensorflow|typescript|esbuild)/);

    const model = makeModel();
    const registry = await makeRegistry();
    await promoteModel(registry, model);
    const child = spawn(process.execPath, ['main.mjs', '--store', registry.location, '--model', MODEL_NAME, '--port', '0'], { cwd: alone, env: {}, stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(child, 'close');
    try {
      const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
      const url = line.replace('Listening on ', '');
      await expect.poll(async () => (await fetch(`${url}/v2/health/ready`)).status, { timeout: 20_000 }).toBe(200);
      const row = [...model.rows.values.subarray(0, 19)];
      const answer = await fetch(`${url}/v1/models/${MODEL_NAME}:predict`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ instances: [row] }) });
      expect(await answer.json()).toMatchObject({ predictions: [{ probability: model.predict(row) }] });
    } finally {
      child.kill('SIGTERM');
    }
    expect(await exit).toEqual([0, null]);
  });

  it('is what the Dockerfile runs, as nobody in particular, on all addresses', async () => {
    const dockerfile = await readFile(new URL('../../serving/Dockerfile', import.meta.url), 'utf8');
    for (const line of [/^ARG BASE=node:\d+/m, /^USER 65532:65532$/m, /^EXPOSE 8080$/m, /PIPEWRIGHT_SERVING_HOST=0\.0\.0\.0/, /^ENTRYPOINT \["node", "\/app\/main\.mjs"\]$/m]) expect(dockerfile).toMatch(line);
    const { readSettings } = await import('../../serving/settings.ts');
    const environment = Object.fromEntries([...dockerfile.matchAll(/(PIPEWRIGHT_SERVING_\w+)=(\S+)/g)].map((match) => [match[1]!, match[2]!]));
    expect(readSettings(['--folder', '/mnt/models'], environment)).toMatchObject({ host: '0.0.0.0', port: 8080, drainDelay: 5 });
  });
});
