import { Option, type Command } from 'commander';
import { accountName, addExamples, addPlaces, collect, imagePrefix, kubernetesName, positiveInteger, type PlaceOptions } from './options.ts';

/** Which cluster, and where in it. */
export interface ClusterVerbOptions {
  readonly context?: string;
  readonly namespace: string;
}

/** How a run on a cluster is followed. */
export interface FollowVerbOptions extends PlaceOptions, ClusterVerbOptions {
  readonly output?: 'live' | 'plain' | 'ndjson';
  readonly report: boolean;
  readonly pull: 'all' | 'report' | 'none';
  readonly patience: number;
}

export interface SubmitVerbOptions extends FollowVerbOptions {
  readonly param?: readonly string[];
  readonly paramFile?: string;
  readonly detach?: true;
  readonly serviceAccount: string;
  readonly images: 'declared' | 'tagged';
  readonly registry?: string;
}

export function addCluster(command: Command): Command {
  return command
    .option('--context <name>', 'context of the kubeconfig (default: the current one)')
    .addOption(new Option('--namespace <name>', 'namespace of the workflows').default('pipewright').argParser(kubernetesName));
}

export function addFollowing(command: Command): Command {
  return addPlaces(addCluster(command))
    .addOption(new Option('--pull <what>', 'which outputs are fetched in the end: all with their cache records, those that the report shows, or none').choices(['all', 'report', 'none']).default('report'))
    .addOption(new Option('--patience <seconds>', 'how long a pod that cannot start is waited for; five times as long if only room is missing').default(120).argParser(positiveInteger))
    .addOption(new Option('--output <kind>', 'a live view, plain lines, or one JSON event a line (default: live on a terminal, else plain)').choices(['live', 'plain', 'ndjson']))
    .option('--no-report', 'write no report.html');
}

export function addSubmit(program: Command): void {
  const command = addFollowing(program.command('submit'))
    .summary('run a pipeline on a cluster')
    .description('Run a pipeline on a Kubernetes cluster with Argo Workflows, and follow it as a run on this machine.')
    .argument('[pipeline]', 'file whose default export is the pipeline; file.ts#name for another export', 'pipeline/pipeline.ts')
    .option('-p, --param <name=value>', "a parameter of the pipeline; a list or JSON in JSON: 'rates=[0.1, 0.2]'", collect)
    .option('--param-file <file>', 'a JSON object of parameters; --param wins over it')
    .option('--detach', 'only start it, and say how to follow it')
    .addOption(new Option('--service-account <name>', 'account of the pods').default('pipewright-step').argParser(accountName))
    .addOption(new Option('--images <how>', 'names of the images of TypeScript steps: as declared, or tagged by their code as `pipewright images` builds them').choices(['declared', 'tagged']).default('tagged'))
    .option('--registry <prefix>', 'put in front of the images that this project builds, such as registry.example.org/team', imagePrefix)
    .action(async (file: string, options: SubmitVerbOptions) => {
      const { submitPipeline } = await import('./cluster-run/submit-pipeline.ts');
      process.exitCode = await submitPipeline(file, options);
    });
  addExamples(
    command,
    [
      ['pipewright submit', 'the shipped pipeline'],
      ['pipewright submit examples/diamond.ts --param n=9', 'another one, with a parameter'],
      ['pipewright submit --detach', 'start it and go home; pipewright watch follows it'],
      ['pipewright submit --pull all', 'and fetch what it made: a run here takes it from the cache'],
    ],
    'Ctrl-C only stops looking on: the workflow goes on, and pipewright stop ends it.',
  );
}
