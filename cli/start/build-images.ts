import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { StepContract } from '../../dsl/contract/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { createBundler, requireEngine, type Bundle } from '../../dsl/local/index.ts';
import { digestOfJson } from '../../dsl/util/index.ts';
import { listKindClusters, readKindCluster } from '../cluster/kind-cluster.ts';
import { run, runWell } from '../cluster/programs.ts';
import { nearbyPath } from '../errors.ts';
import type { ImagesOptions } from '../images.ts';
import { loadChecked } from '../load/load-checked.ts';
import { alignRows } from '../present/text.ts';
import { imageName } from './image-name.ts';
import { SERVING } from './serving-program.ts';

/** What a step's Dockerfile says where it has none of its own: the packed program on a Node, run by nobody in particular. */
const DOCKERFILE = 'ARG BASE=node:22-slim\nFROM ${BASE}\nWORKDIR /app\nCOPY . /app/\nUSER 65532:65532\n';

/** Label of an image: the digest of all that it was made of. */
const LABEL = 'pipewright.made-of';

interface Build {
  readonly image: string;
  readonly bundle: Bundle;
  /** Path of a Dockerfile; undefined: the one above. */
  readonly dockerfile: string | undefined;
  readonly madeOf: string;
}

/**
 * The verb `images`: packs every program first, so that a mistake in one is found before anything is built. Builds what
 * is not there, and loads all into the kind cluster, which pulls from no registry.
 */
export async function buildImages(file: string, { folder, base, registry, bundleOnly, load }: ImagesOptions): Promise<void> {
  const pipeline = await loadChecked(file);
  const bundler = createBundler({ folder });
  const programs = [...Object.values(pipeline.steps).filter((contract) => contract.program.kind === 'module'), SERVING];
  const builds = await Promise.all(
    programs.map(async (contract): Promise<Build> => {
      const bundle = await bundler.bundle(contract);
      const dockerfile = dockerfileOf(contract);
      const madeOf = digestOfJson({ code: bundle.digest, base: base ?? null, dockerfile: dockerfile === undefined ? DOCKERFILE : readFileSync(dockerfile, 'utf8') });
      return { image: imageName(contract.image, { digest: bundle.digest, registry }), bundle, dockerfile, madeOf };
    }),
  );
  process.stdout.write(`${alignRows(builds.map(({ image, bundle }) => [image, nearbyPath(bundle.folder)])).join('\n')}\n`);
  if (bundleOnly) return;
  await requireEngine();
  for (const build of builds) {
    const isThere = (await run('docker', ['image', 'inspect', '--format', `{{index .Config.Labels "${LABEL}"}}`, build.image])).output.trim() === build.madeOf;
    if (!isThere) await dockerBuild(build, base);
    process.stdout.write(`${isThere ? 'there already:' : 'built'} ${build.image}\n`);
  }
  if (load !== false) await loadIntoKind(builds.map(({ image }) => image), load === true);
}

/** `demanded`: a missing cluster is an error (PW905), not a reason to leave it. */
async function loadIntoKind(images: readonly string[], demanded: boolean): Promise<void> {
  const { name } = await readKindCluster();
  const clusters = await listKindClusters().catch((error: unknown): readonly string[] => {
    if (demanded) throw error;
    return [];
  });
  if (!clusters.includes(name)) {
    if (demanded) throw new PipewrightError({ code: 'PW905', message: `There is no kind cluster ${name} to load the images into.`, fix: 'Bring it up with "pipewright cluster up".' });
    return;
  }
  await runWell('kind', ['load', 'docker-image', '--name', name, ...images], 'See that the cluster runs ("pipewright cluster status") and the disk is not full.');
  process.stdout.write(`loaded ${images.length} images into the kind cluster ${name}\n`);
}

function dockerfileOf({ program }: Pick<StepContract, 'program'>): string | undefined {
  const path = program.kind === 'module' ? fileURLToPath(new URL('./Dockerfile', program.entry)) : '';
  return existsSync(path) ? path : undefined;
}

function dockerBuild({ image, bundle, dockerfile, madeOf }: Build, base: string | undefined): Promise<void> {
  const words = [
    'build', '--tag', image, '--label', `pipewright.code=${bundle.digest}`, '--label', `${LABEL}=${madeOf}`, '--file', dockerfile ?? '-',
    ...(base === undefined ? [] : ['--build-arg', `BASE=${base}`]), bundle.folder,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn('docker', words, { stdio: ['pipe', process.stderr, process.stderr] });
    child.stdin!.on('error', () => undefined).end(dockerfile === undefined ? DOCKERFILE : '');
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new PipewrightError({ code: 'PW306', message: `The image ${image} could not be built: docker build ended with code ${code}.`, fix: 'What it printed above says why. If the base image cannot be fetched, name one that is there with --base.' }));
    });
  });
}
