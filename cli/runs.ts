import type { Command } from 'commander';
import { RUN_WORDS } from './load/run-words.ts';
import { addExamples, addFolder, addPlaces, positiveInteger, type PlaceOptions } from './options.ts';

export function addRuns(program: Command): void {
  const runs = program.command('runs').summary('list, show and compare runs').description('Look at the runs that were: list them, show one, compare two.');
  addExamples(runs, [
    ['pipewright runs list', 'the newest first'],
    ['pipewright runs show latest', 'its steps, figures and where its report is'],
    ['pipewright runs compare previous latest', 'what differs: parameters, code, figures, artifacts'],
  ], `Where a run is asked for: ${RUN_WORDS}.`);

  addExamples(
    addFolder(runs.command('list'))
      .description('List runs, the newest first.')
      .option('--pipeline <name>', 'only runs of this pipeline')
      .option('--limit <count>', 'at most so many', positiveInteger, 20)
      .action(async (options: { readonly folder: string; readonly pipeline?: string; readonly limit: number }) => {
        const { listRunsOf } = await import('./start/show-runs.ts');
        await listRunsOf(options);
      }),
    [['pipewright runs list --pipeline diamond --limit 5', 'the last five of one pipeline']],
  );
  addExamples(
    addPlaces(runs.command('show'))
      .description('Show one run: steps, results, figures, failures. Writes its report if that is missing.')
      .argument('[run]', RUN_WORDS, 'latest')
      .action(async (run: string, options: PlaceOptions) => {
        const { showRun } = await import('./start/show-runs.ts');
        await showRun(run, options);
      }),
    [['pipewright runs show k3f9', 'the run whose identifier ends so']],
  );
  addExamples(
    addPlaces(runs.command('compare'))
      .description('Say what differs between two runs: parameters, code, results, figures, artifacts.')
      .argument('[before]', RUN_WORDS, 'previous')
      .argument('[after]', RUN_WORDS, 'latest')
      .action(async (before: string, after: string, options: PlaceOptions) => {
        const { compareTwoRuns } = await import('./start/compare-runs.ts');
        await compareTwoRuns(before, after, options);
      }),
    [['pipewright runs compare', 'the last two runs of the pipeline that ran last']],
  );
}
