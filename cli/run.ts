import { Option, type Command } from 'commander';
import { addExamples, addPipelineFile, addPlaces, collect, positiveInteger, wholeNumber, type PlaceOptions } from './options.ts';

export interface RunVerbOptions extends PlaceOptions {
  readonly param?: readonly string[];
  readonly paramFile?: string;
  readonly executor: 'process' | 'inline' | 'docker';
  readonly parallel?: number;
  readonly cache: boolean;
  readonly keep: 'none' | 'failed' | 'all';
  readonly seed?: number;
  readonly output?: 'live' | 'plain' | 'ndjson';
  readonly report: boolean;
  /** Address of an MLflow server. */
  readonly mlflow?: string;
}

export function addRun(program: Command): void {
  const command = addPlaces(addPipelineFile(program.command('run')))
    .summary('run a pipeline on this machine')
    .description('Run a pipeline on this machine. Steps that did the same work before are taken from the cache. Its schedule is for a cluster, and is not read here.')
    .option('-p, --param <name=value>', "a parameter of the pipeline; a list or JSON in JSON: 'rates=[0.1, 0.2]', or of a file in JSON or YAML: rules=@rules.yaml", collect)
    .option('--param-file <file>', 'a JSON object of parameters; --param wins over it')
    .addOption(new Option('--executor <name>', 'who runs the steps: a child process each, this process, or a container each').choices(['process', 'inline', 'docker']).default('process'))
    .addOption(new Option('--parallel <count>', 'how many steps run at once (default: one for each processor)').argParser(positiveInteger))
    .option('--no-cache', 'do all the work again, and take nothing from earlier runs')
    .addOption(new Option('--keep <which>', 'keep the work folders of attempts, to look at').choices(['none', 'failed', 'all']).default('none'))
    .addOption(new Option('--seed <number>', 'start independent steps in a random order, the same for the same seed').argParser(wholeNumber))
    .addOption(new Option('--output <kind>', 'a live view, plain lines, or one JSON event a line (default: live on a terminal, else plain)').choices(['live', 'plain', 'ndjson']))
    .option('--no-report', 'write no report.html')
    .addOption(new Option('--mlflow <address>', 'export the run to this MLflow server when it has ended; docs/guides/tracking.md').env('PIPEWRIGHT_MLFLOW'))
    .action(async (file: string, options: RunVerbOptions) => {
      const { carryOutRun } = await import('./start/carry-out-run.ts');
      process.exitCode = await carryOutRun(file, options);
    });
  addExamples(
    command,
    [
      ['pipewright run examples/diamond.ts', 'with the defaults of its parameters'],
      ['pipewright run examples/diamond.ts --param n=9', 'only what depends on n works again'],
      ['pipewright run examples/fan-out.ts -p \'words=["a", "b"]\'', 'a list, in JSON'],
      ['pipewright run examples/linear.ts --output ndjson', 'events for another program'],
      ['pipewright run pipeline/pipeline.ts --executor inline', 'for a debugger'],
    ],
    'Ctrl-C ends what runs, then the exit handler of the pipeline still runs; a second Ctrl-C kills.',
  );
}
