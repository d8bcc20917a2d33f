import { basename, dirname, join } from 'node:path';
import { compileToArgo, emit, emitSchedule, type CompileOptions } from '../../dsl/argo/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { CheckedPipeline } from '../../dsl/ir/index.ts';
import { createBundler } from '../../dsl/local/index.ts';
import type { CompileVerbOptions } from '../compile.ts';
import { loadChecked } from '../load/load-checked.ts';
import { imageName } from './image-name.ts';
import { SERVING } from './serving-program.ts';
import { writeOut } from './write-out.ts';

/** The verb `compile`. */
export async function compileFile(file: string, options: CompileVerbOptions): Promise<void> {
  const pipeline = await loadChecked(file);
  const documents = compileToArgo(pipeline, await toCompileOptions(pipeline, options));
  const command = commandOf(file, options);
  const scheduled = emitSchedule(documents, command);
  if (options.schedule) {
    if (scheduled === undefined) throw noSchedule(pipeline.name, file);
    process.stdout.write(scheduled);
  } else if (options.out === undefined) process.stdout.write(emit(documents, command));
  else {
    const path = /\.ya?ml$/.test(options.out) ? options.out : join(options.out, `${pipeline.name}.yaml`);
    await writeOut(path, emit(documents, command));
    // A folder below, where `kubectl create -f` of the folder above does not look.
    if (scheduled !== undefined) await writeOut(join(dirname(path), 'schedules', basename(path)), scheduled);
  }
}

function noSchedule(name: string, file: string): PipewrightError {
  return new PipewrightError({ code: 'PW901', message: `The pipeline "${name}" has no schedule.`, fix: `Add one in ${file}, pipeline('${name}', { schedule: { cron: '0 6 * * 1-5' } }, …), or leave --schedule out.` });
}

/** As the words of the command line have it; `images: 'tagged'` packs every TypeScript step. */
export async function toCompileOptions(pipeline: CheckedPipeline, { namespace, serviceAccount, images, registry, folder }: Omit<CompileVerbOptions, 'out'>): Promise<CompileOptions> {
  const bundler = createBundler({ folder });
  const names = new Map<string, string>();
  for (const contract of Object.values(pipeline.steps)) {
    if (contract.program.kind !== 'module') continue;
    const digest = images === 'tagged' ? await bundler.codeOf(contract) : undefined;
    names.set(contract.name, imageName(contract.image, { digest, registry }));
  }
  // A step that brings up model servers is told which image that is; nobody else needs it packed.
  const servesModels = Object.values(pipeline.steps).some(({ environment }) => environment.includes('PIPEWRIGHT_SERVING_IMAGE'));
  const servingDigest = servesModels && images === 'tagged' ? await bundler.codeOf(SERVING) : undefined;
  return {
    ...(servesModels ? { servingImage: imageName(SERVING.image, { digest: servingDigest, registry }) } : {}),
    image: (contract) => names.get(contract.name) ?? contract.image,
    ...(namespace === undefined ? {} : { namespace }),
    ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
  };
}

/** What the first line of the file says, so that anybody can make it again. */
function commandOf(file: string, { out, namespace, serviceAccount, images, registry, schedule }: CompileVerbOptions): string {
  const words = Object.entries({ out, namespace, 'service-account': serviceAccount, images: images === 'declared' ? undefined : images, registry });
  return ['pipewright compile', file, ...words.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`])), ...(schedule ? ['--schedule'] : [])].join(' ');
}
