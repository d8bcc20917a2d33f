import type { Command } from 'commander';
import { addExamples, addPipelineFile } from './options.ts';

export function addCheck(program: Command): void {
  const command = addPipelineFile(program.command('check'))
    .summary('say whether a pipeline has mistakes')
    .description('Say whether a pipeline has mistakes that only show when it is put together: all of them at once, with the line of each.')
    .action(async (file: string) => {
      const { loadChecked } = await import('./load/load-checked.ts');
      const pipeline = await loadChecked(file);
      const { indexNodes } = await import('../dsl/ir/index.ts');
      const { counted } = await import('./words/numbers.ts');
      const tasks = [...indexNodes(pipeline).values()].filter(({ node }) => node.kind === 'Task').length;
      process.stdout.write(`✓ ${pipeline.name}: ${counted(tasks, 'task')}, ${counted(Object.keys(pipeline.steps).length, 'step')}, no mistakes\n`);
    });
  addExamples(command, [
    ['pipewright check examples/diamond.ts', 'the default export'],
    ['pipewright check pipelines.ts#nightly', 'an export by its name'],
  ]);
}
