import type { Command } from 'commander';
import { addExamples } from './options.ts';
import { addCluster, addFollowing, type ClusterVerbOptions, type FollowVerbOptions } from './submit.ts';

export interface WatchVerbOptions extends FollowVerbOptions {
  readonly pipeline: string;
}

export interface StopVerbOptions extends ClusterVerbOptions {
  readonly now?: true;
}

export function addWatch(program: Command): void {
  const command = addFollowing(program.command('watch'))
    .summary('follow a run on a cluster')
    .description('Follow a run on a cluster from its beginning, also one that has ended, and write its report.')
    .argument('<workflow>', 'name of the workflow')
    .option('--pipeline <file>', 'where the pipeline is, for a workflow that was not started by submit', 'pipeline/pipeline.ts')
    .action(async (name: string, options: WatchVerbOptions) => {
      const { watchWorkflow } = await import('./cluster-run/watch-workflow.ts');
      process.exitCode = await watchWorkflow(name, options);
    });
  addExamples(command, [
    ['pipewright watch stock-direction-7k2xq', 'to its end'],
    ['pipewright watch diamond-x8f2m --pipeline examples/diamond.ts', 'started by kubectl create'],
    ['pipewright watch stock-direction-7k2xq --pull all', 'and fetch all that it made'],
  ]);
}

export function addStop(program: Command): void {
  const command = addCluster(program.command('stop'))
    .summary('stop a run on a cluster')
    .description('Stop a run on a cluster: what runs is ended, then the exit handler of the pipeline still runs.')
    .argument('<workflow>', 'name of the workflow')
    .option('--now', 'without the exit handler')
    .action(async (name: string, options: StopVerbOptions) => {
      const { stopWorkflow } = await import('./cluster-run/watch-workflow.ts');
      await stopWorkflow(name, options);
    });
  addExamples(command, [['pipewright stop stock-direction-7k2xq', 'finished steps stay in the cache']]);
}
