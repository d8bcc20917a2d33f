import type { Command } from 'commander';
import { RUN_WORDS } from './load/run-words.ts';
import { addExamples, addFolder, addPlaces, type PlaceOptions } from './options.ts';

export function addArtifacts(program: Command): void {
  const artifacts = program.command('artifacts').summary('list what steps wrote, copy it out of the store').description('Look at what steps wrote, and copy it out of the store.');
  addExamples(artifacts, [
    ['pipewright artifacts list', 'of the latest run'],
    ['pipewright artifacts get latest/evaluate/figures --to figures.json', 'a file'],
    ["pipewright artifacts get 'k3f9/train(1)/model' --to model", 'a folder'],
  ]);

  addExamples(
    addFolder(artifacts.command('list'))
      .description('List the artifacts of a run with their kind, size and digest.')
      .argument('[run]', RUN_WORDS, 'latest')
      .action(async (run: string, options: { readonly folder: string }) => {
        const { listArtifacts } = await import('./start/show-artifacts.ts');
        await listArtifacts(run, options.folder);
      }),
    [['pipewright artifacts list previous', 'of the run before the latest']],
  );
  addExamples(
    addPlaces(artifacts.command('get'))
      .description('Copy an artifact out of the store. Its digest is verified on the way.')
      .argument('<run/task/output>', 'which one, such as latest/evaluate/figures')
      .requiredOption('--to <path>', 'where it goes: a file, or for a folder a path that does not exist or is empty')
      .action(async (name: string, options: PlaceOptions & { readonly to: string }) => {
        const { copyArtifact } = await import('./start/show-artifacts.ts');
        await copyArtifact(name, options);
      }),
    [['pipewright artifacts get latest/ingest/prices --to prices.arrow', 'a dataset, an Arrow IPC file']],
  );
}
