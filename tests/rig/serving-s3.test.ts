import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import type { StepContract } from '../../dsl/contract/index.ts';
import { createBundler } from '../../dsl/local/index.ts';
import { openRegistry } from '../../registry/index.ts';
import { openS3Store } from '../../store/s3-store.ts';
import { makeFolder } from '../serving/support/folders.ts';
import { makeModel, MODEL_NAME } from '../serving/support/models.ts';
import { promoteModel } from '../serving/support/stored.ts';
import { startFaultyProxy } from '../store/faulty-proxy.ts';
import { findMinio, HOW_TO_ENABLE } from '../store/minio.ts';

const SERVING = { name: 'serving', image: 'pipewright/serving', program: { kind: 'module', entry: new URL('../../serving/main.ts', import.meta.url).href } } as StepContract;
const PATIENCE = { timeout: 60_000 };

const found = await findMinio();
if (typeof found === 'string') console.warn(`\nSKIPPED: the model server was not tested on an S3 registry. ${found}\nTo test it, ${HOW_TO_ENABLE}.\n`);

describe.skipIf(typeof found === 'string')('the packed server on a registry in a real MinIO', () => {
  if (typeof found === 'string') return;
  const minio = found;
  afterAll(() => minio.stop());

  it('serves, swaps in a new champion, outlives an outage of the store, and writes no key anywhere', async () => {
    const { settings } = minio;
    const store = await openS3Store(settings);
    const registry = { store, registry: openRegistry(store) };
    const models = [makeModel({ seed: 1 }), makeModel({ seed: 2 }), makeModel({ seed: 3 })] as const;
    await promoteModel(registry, models[0]);

    const proxy = await startFaultyProxy(settings);
    const { main } = await createBundler({ folder: await makeFolder('bundle') }).bundle(SERVING);
    const child = spawn(process.execPath, [main, '--store', `s3://${settings.bucket}/${settings.prefix}`, '--model', MODEL_NAME, '--port', '0', '--poll', '0.2'], {
      env: {
        S3_ENDPOINT: `http://${proxy.settings.endPoint}:${proxy.settings.port}`,
        AWS_ACCESS_KEY_ID: settings.accessKey,
        AWS_SECRET_ACCESS_KEY: settings.secretKey,
        AWS_REGION: settings.region ?? 'us-east-1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    const exit = once(child, 'close');
    try {
      const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
      const url = line.replace('Listening on ', '');
      const get = async (path: string): Promise<unknown> => (await fetch(`${url}${path}`)).json();
      const row = [...models[0].rows.values.subarray(0, 19)];
      const ask = async (): Promise<unknown> =>
        (await fetch(`${url}/v1/models/${MODEL_NAME}:predict`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ instances: [row] }) })).json();

      await expect.poll(() => get('/v2/health/ready'), PATIENCE).toMatchObject({ ready: true });
      expect(await ask()).toMatchObject({ model_version: '1', predictions: [{ probability: models[0].predict(row) }] });

      await promoteModel(registry, models[1]);
      await expect.poll(ask, PATIENCE).toMatchObject({ model_version: '2', predictions: [{ probability: models[1].predict(row) }] });

      await proxy.stop();
      await expect.poll(() => get('/v2/health/ready'), PATIENCE).toMatchObject({ ready: true, models: [{ version: '2', reason: expect.stringContaining('PW403') }] });
      expect(await ask()).toMatchObject({ model_version: '2', predictions: [{ probability: models[1].predict(row) }] });
    } finally {
      child.kill('SIGTERM');
    }
    expect(await exit).toEqual([0, null]);
    expect(said).toContain('"event":"model-load-failed"');
    expect(said).not.toContain(settings.secretKey);
    expect(said).not.toContain(settings.accessKey);
  });
});
