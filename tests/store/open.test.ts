import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../store/open.ts';
import { failure } from './behaviour.ts';

let root: string;
beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'pipewright-test-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

describe('opening a store by its location', () => {
  it('takes a path, makes the folder and finds again what was there', async () => {
    const path = join(root, 'deep/store');
    const { digest } = await (await openStore(path)).putObject('kept');
    const again = await openStore(path);
    expect(again.description).toBe(path);
    expect(await again.statObject(digest)).toBe(4);
  });

  it('demands the keys of an S3 store', async () => {
    const error = await failure(openStore('s3://models/team', {}));
    expect(error.issues.map((issue) => issue.fix)).toEqual(['Set AWS_ACCESS_KEY_ID.', 'Set AWS_SECRET_ACCESS_KEY.']);
    expect((await failure(openStore('s3://', {}))).issues[0]!.fix).toBe('Set S3_BUCKET.');
  });

  it.each(['gs://bucket', 'http://minio:9000', ''])('refuses %j', async (location) => {
    const error = await failure(openStore(location));
    expect(error.code).toBe('PW403');
    expect(error.issues[0]!.fix).toContain('s3://bucket/prefix');
  });
});

describe('the minio client', () => {
  // The coverage report of V8 names every module that was loaded.
  it('is loaded when S3 is used, and not otherwise', async () => {
    const [without, withS3] = await Promise.all([modulesOf('folder'), modulesOf('s3://models')]);
    expect(without.filter(isMinio)).toEqual([]);
    expect(withS3.filter(isMinio)).not.toEqual([]);
  });

  async function modulesOf(location: string): Promise<string[]> {
    const report = join(root, `coverage-${location.replace(/\W/g, '')}`);
    const program = `
      import { openRegistry } from ${JSON.stringify(new URL('../../registry/index.ts', import.meta.url).href)};
      import { openStore } from ${JSON.stringify(new URL('../../store/index.ts', import.meta.url).href)};
      const store = await openStore(${JSON.stringify(location)}).catch(() => undefined);
      if (store) await openRegistry(store).listModels();`;
    const environment = { ...process.env, NODE_V8_COVERAGE: report, S3_ENDPOINT: 'http://127.0.0.1:1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
    const loader = import.meta.resolve('tsx');
    await promisify(execFile)(process.execPath, ['--import', loader, '--input-type=module', '-e', program], { cwd: root, env: environment });
    const files = await readdir(report);
    const texts = await Promise.all(files.map((file) => readFile(join(report, file), 'utf8')));
    const urls = texts.flatMap((text) => (JSON.parse(text) as { result: { url: string }[] }).result.map(({ url }) => url));
    expect(urls.some((url) => url.includes('store/directory-store.ts'))).toBe(true);
    return urls;
  }

  function isMinio(url: string): boolean {
    return url.includes('/node_modules/minio/');
  }
});
