import { Option, type Command } from 'commander';
import { addExamples, addPipelineFile } from './options.ts';

interface GraphOptions {
  readonly format: 'mermaid' | 'dot' | 'svg';
  readonly direction: 'right' | 'down';
  readonly out?: string;
}

export function addGraph(program: Command): void {
  const command = addPipelineFile(program.command('graph'))
    .summary('draw a pipeline: Mermaid, DOT or SVG')
    .description('Draw the pipeline: tasks, conditions, loops, and what travels along each edge.')
    .addOption(new Option('--format <format>', 'language of the drawing').choices(['mermaid', 'dot', 'svg']).default('mermaid'))
    .addOption(new Option('--direction <direction>', 'which way an SVG goes').choices(['right', 'down']).default('right'))
    .option('--out <file>', 'write it there instead of printing it')
    .action(async (file: string, options: GraphOptions) => {
      const { loadChecked } = await import('./load/load-checked.ts');
      const { printGraph } = await import('./graph/print.ts');
      const text = printGraph(await loadChecked(file), options.format, options.direction);
      if (options.out === undefined) {
        process.stdout.write(text);
        return;
      }
      const { writeOut } = await import('./start/write-out.ts');
      await writeOut(options.out, text);
    });
  addExamples(command, [
    ['pipewright graph examples/diamond.ts', 'Mermaid, as GitHub shows it in Markdown'],
    ['pipewright graph examples/fan-out.ts --format dot | dot -Tpng -o graph.png', 'Graphviz'],
    ['pipewright graph pipeline/pipeline.ts --format svg --out graph.svg', 'a picture for a page, light and dark'],
  ]);
}
