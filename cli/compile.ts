import { Option, type Command } from 'commander';
import { accountName, addExamples, addPipelineFile, imagePrefix, kubernetesName } from './options.ts';

export interface CompileVerbOptions {
  readonly out?: string;
  readonly namespace?: string;
  readonly serviceAccount?: string;
  readonly images: 'declared' | 'tagged';
  readonly registry?: string;
  readonly folder: string;
  readonly schedule?: true;
}

export function addCompile(program: Command): void {
  const command = addPipelineFile(program.command('compile'))
    .summary('compile a pipeline to Argo Workflows YAML')
    .description('Compile a pipeline to Argo Workflows YAML: one pod a step, the same meaning as a run on this machine.')
    .option('--out <path>', 'a folder for <pipeline>.yaml, or a file that ends in .yaml (default: print it)')
    .addOption(new Option('--schedule', 'print the CronWorkflow of its schedule instead; --out writes it to schedules/<pipeline>.yaml').conflicts('out'))
    .option('--namespace <name>', 'namespace of the objects (default: that of kubectl)', kubernetesName)
    .option('--service-account <name>', 'account of the pods (default: the one of the namespace)', accountName)
    .addOption(new Option('--images <how>', 'names of the images of TypeScript steps: as declared, or tagged by their code as `pipewright images` builds them').choices(['declared', 'tagged']).default('declared'))
    .option('--registry <prefix>', 'put in front of the images that this project builds, such as registry.example.org/team', imagePrefix)
    .addOption(new Option('--folder <path>', 'folder of all runs, which keeps the bundles').default('.pipewright').env('PIPEWRIGHT_FOLDER'))
    .action(async (file: string, options: CompileVerbOptions) => {
      const { compileFile } = await import('./start/compile-file.ts');
      await compileFile(file, options);
    });
  addExamples(command, [
    ['pipewright compile examples/diamond.ts', 'print it'],
    ['pipewright compile examples/diamond.ts | argo submit -', 'and run it on the cluster'],
    ['pipewright compile pipeline/pipeline.ts --out manifests/generated', 'write it to a file'],
    ['pipewright compile pipeline/pipeline.ts --schedule | kubectl apply -f -', 'let the cluster run it by the clock'],
  ]);
}
