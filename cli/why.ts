import type { Command } from 'commander';
import { addExamples, addFolder } from './options.ts';

interface WhyOptions {
  readonly folder: string;
  readonly run: string;
  readonly pipeline?: string;
}

export function addWhy(program: Command): void {
  const command = addFolder(program.command('why'))
    .summary('explain the cache: what changed since the run before')
    .description('Explain the cache: what a step\'s entry depends on, and what changed since the run before.')
    .argument('[step]', 'a task of the pipeline, or one instance of it, such as train(0); all in short without it')
    .option('--run <run>', 'which run to explain', 'latest')
    .option('--pipeline <name>', 'the latest run of this pipeline')
    .action(async (step: string | undefined, options: WhyOptions) => {
      const { explainTasks } = await import('./start/explain-tasks.ts');
      await explainTasks(step, options);
    });
  addExamples(command, [
    ['pipewright why', 'one line for each task of the latest run'],
    ['pipewright why train', 'all of its instances, in full'],
    ["pipewright why 'train(1)' --run k3f9", 'one instance in the run whose name ends so'],
  ]);
}
