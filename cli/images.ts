import { Option, type Command } from 'commander';
import { addExamples, addFolder, imagePrefix } from './options.ts';

export interface ImagesOptions {
  readonly folder: string;
  readonly base?: string;
  readonly registry?: string;
  readonly bundleOnly?: true;
  /** Undefined: if there is a kind cluster of kind-config.yaml. */
  readonly load?: boolean;
}

export function addImages(program: Command): void {
  const command = addFolder(program.command('images'))
    .summary('build the images of the steps and of the model server')
    .description('Build the images of the TypeScript steps of a pipeline, and of the model server. The tag is the first 12 digits of the digest of the code.')
    .argument('[pipeline]', 'file whose default export is the pipeline', 'pipeline/pipeline.ts')
    .addOption(new Option('--base <image>', 'image to build on, with Node 20 or later (default: the one in each Dockerfile)').env('PIPEWRIGHT_IMAGE_BASE'))
    .option('--registry <prefix>', 'put in front of the names, such as registry.example.org/team', imagePrefix)
    .option('--bundle-only', 'only pack the programs; needs no container engine')
    .option('--load', 'load them into the kind cluster (default: if it is there)')
    .option('--no-load', 'only build')
    .action(async (file: string, options: ImagesOptions) => {
      const { buildImages } = await import('./start/build-images.ts');
      await buildImages(file, options);
    });
  addExamples(
    command,
    [
      ['pipewright images', 'those of the shipped pipeline'],
      ['pipewright images examples/steps.ts --base node:24-slim', 'on another base image'],
      ['pipewright compile pipeline/pipeline.ts --images tagged', 'YAML that names exactly these images'],
    ],
    'An image is built from the Dockerfile beside its program, with the packed program as the build context; one that is there already is not built again. PIPEWRIGHT_IMAGE_BASE names another base for all calls.',
  );
}
