import { Option, type Command } from 'commander';
import { RUN_WORDS } from './load/run-words.ts';
import { addExamples, addPlaces, positiveInteger, type PlaceOptions } from './options.ts';

export interface MlflowExportOptions extends PlaceOptions {
  readonly all: boolean;
  readonly trackingUri?: string;
  readonly experiment?: string;
  readonly datasets: boolean;
  readonly registry: boolean;
  readonly again: boolean;
  readonly attempts: number;
}

export function addMlflow(program: Command): void {
  const mlflow = program.command('mlflow').summary('export runs and models to an MLflow server').description('Bring runs, figures, artifacts and the model registry to an MLflow server. Nothing else in Pipewright needs one.');
  addExamples(mlflow, [['pipewright mlflow export --tracking-uri http://127.0.0.1:5000', 'the latest run']]);

  addExamples(
    addPlaces(mlflow.command('export'))
      .description('Send runs to an MLflow server, and mirror the registry. Safe to repeat: what is there already is not made twice.')
      .argument('[runs...]', `${RUN_WORDS} (default: latest)`)
      .option('--all', 'all runs of the folder', false)
      .option('--tracking-uri <address>', 'of the server (default: MLFLOW_TRACKING_URI)')
      .option('--experiment <name>', 'for all of them (default: the name of each pipeline)')
      .option('--datasets', 'send datasets as artifacts too, not only what identifies them', false)
      .option('--no-registry', 'leave the model registry out')
      .option('--again', 'send all again, although it is there', false)
      .addOption(new Option('--attempts <count>', 'how often a request is sent while the server does not answer or is overloaded').argParser(positiveInteger).default(6))
      .action(async (runs: readonly string[], options: MlflowExportOptions) => {
        const { exportRuns } = await import('./mlflow/export-runs.ts');
        process.exitCode = await exportRuns(runs, options);
      }),
    [
      ['pipewright mlflow export latest', 'to the server that MLFLOW_TRACKING_URI names'],
      ['pipewright mlflow export --all --tracking-uri https://mlflow.example.org', 'everything that is not there yet'],
    ],
    'MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, let one in. docs/guides/tracking.md',
  );
}
