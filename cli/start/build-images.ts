import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { StepContract } from '../../dsl/contract/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { createBundler, requireEngine, type Bundle } from '../../dsl/local/index.ts';
import { nearbyPath } from '../errors.ts';
import type { ImagesOptions } from '../images.ts';
import { loadChecked } from '../load/load-checked.ts';
import { alignRows } from '../present/text.ts';
import { imageName } from './image-name.ts';
import { SERVING } from './serving-program.ts';

/** What a step's Dockerfile says where it has none of its own: the packed program on a Node, run by nobody in particular. */
const DOCKERFILE = 'ARG BASE=node:22-slim\nFROM ${BASE}\nWORKDIR /app\nCOPY . /app/\nUSER 65532:65532\n';

interface Build {
  readonly image: string;
  readonly bundle: Bundle;
  /** Path of a Dockerfile; undefined: the one above. */
  readonly dockerfile: string | undefined;
}

/** The verb `images`: packs every program first, so that a mistake in one is found before anything is built. */
export async function buildImages(file: string, { folder, base, registry, bundleOnly }: ImagesOptions): Promise<void> {
  const pipeline = await loadChecked(file);
  const bundler = createBundler({ folder });
  const programs = [...Object.values(pipeline.steps).filter((contract) => contract.program.kind === 'module'), SERVING];
  const builds = await Promise.all(
    programs.map(async (contract): Promise<Build> => {
      const bundle = await bundler.bundle(contract);
      return { image: imageName(contract.image, { digest: bundle.digest, registry }), bundle, dockerfile: dockerfileOf(contract) };
    }),
  );
  process.stdout.write(`${alignRows(builds.map(({ image, bundle }) => [image, nearbyPath(bundle.folder)])).join('\n')}\n`);
  if (bundleOnly) return;
  await requireEngine();
  for (const build of builds) {
    await dockerBuild(build, base);
    process.stdout.write(`built ${build.image}\n`);
  }
}

function dockerfileOf({ program }: Pick<StepContract, 'program'>): string | undefined {
  const path = program.kind === 'module' ? fileURLToPath(new URL('./Dockerfile', program.entry)) : '';
  return existsSync(path) ? path : undefined;
}

function dockerBuild({ image, bundle, dockerfile }: Build, base: string | undefined): Promise<void> {
  const words = [
    'build', '--tag', image, '--label', `pipewright.code=${bundle.digest}`, '--file', dockerfile ?? '-',
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
