import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { demandChecked } from '../../dsl/check/index.ts';
import { createBundler, createDockerExecutor, createProcessExecutor, readTasks, runPipeline, type Bundler, type Executor } from '../../dsl/local/index.ts';
import { openRegistry } from '../../registry/index.ts';
import { openDirectoryStore } from '../../store/index.ts';
import pipeline from '../../pipeline/pipeline.ts';
import { docker, importBase, whyNoEngine } from './base-image.ts';

const BASE = 'pipewright-test/base:1';
const LONG = 300_000;
const CANDIDATES = [{ architecture: 'logistic', learningRate: 0.01, l2: 0.01, maxEpochs: 6 }];

const reason = whyNoEngine();
if (reason !== undefined) console.warn(`SKIPPED the pipeline in its images: ${reason}`);

describe.skipIf(reason !== undefined)('the pipeline in its images', () => {
  let folder: string;
  let bundler: Bundler;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipewright-images-'));
    bundler = createBundler({ folder });
    importBase(BASE);
    for (const contract of Object.values(pipeline.steps)) {
      const bundle = await bundler.bundle(contract);
      const dockerfile = fileURLToPath(new URL(`../../steps/${contract.name}/Dockerfile`, import.meta.url));
      docker(['build', '--quiet', '--tag', contract.image, '--build-arg', `BASE=${BASE}`, '--file', dockerfile, bundle.folder]);
    }
    return async () => {
      docker(['rmi', '--force', ...Object.values(pipeline.steps).map(({ image }) => image), BASE]);
      await rm(folder, { recursive: true, force: true });
    };
  }, LONG);

  it.each(Object.values(pipeline.steps).map(({ name, image }) => [name, image]))('the image of %s knows what it is', (name, image) => {
    expect(docker(['run', '--rm', '--network', 'none', '--read-only', image, '--help'])).toMatch(new RegExp(`^${name}: `));
  });

  it('the image of ingest holds the packaged data, and runs as somebody who is not root', async () => {
    const place = join(folder, 'ingest');
    await mkdir(place);
    await chmod(place, 0o777);
    const words = ['--output', 'prices=/pipewright/prices', '--output', 'manifest=/pipewright/manifest', ...['rows', 'firstDay', 'lastDay', 'asOf'].flatMap((name) => ['--result', `${name}=/pipewright/${name}`])];
    docker(['run', '--rm', '--network', 'none', '--read-only', '--volume', `${place}:/pipewright`, 'pipewright/ingest', ...words]);
    expect(await readFile(join(place, 'rows'), 'utf8')).toBe('5105');
    expect((await readdir(place)).sort()).toEqual(['asOf', 'firstDay', 'lastDay', 'manifest', 'prices', 'rows']);
  });

  it('comes to the same artifacts as with processes, and deploys to the store of this machine', async () => {
    const run = async (name: string, executor: Executor) => {
      const place = join(folder, name);
      const location = join(place, 'store');
      const store = await openDirectoryStore(location);
      const { id, status } = await runPipeline(demandChecked(pipeline), {
        parameters: { candidates: CANDIDATES, champion: '', earlier: '' }, folder: place, store, executor, code: (contract) => bundler.codeOf(contract), environment: { PIPEWRIGHT_STORE: location },
      });
      expect(status).toBe('Succeeded');
      const tasks = await readTasks(place, id);
      const digests = Object.fromEntries(tasks.flatMap(({ task, outputs }) => Object.entries(outputs).map(([output, { digest }]) => [`${task}.${output}`, digest])));
      return { status, digests, production: await openRegistry(store).resolveAlias('stock-direction', 'production') };
    };
    const inProcesses = await run('processes', createProcessExecutor({ bundle: (contract) => bundler.bundle(contract) }));
    const inContainers = await run('containers', createDockerExecutor({ ...bundler, pull: 'never' }));
    expect(inContainers).toEqual(inProcesses);
    expect(inContainers).toMatchObject({ status: 'Succeeded', production: 1 });
  }, LONG);
});
