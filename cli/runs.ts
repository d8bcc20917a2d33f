import { Option, type Command } from 'commander';
import { closest } from '../dsl/util/index.ts';
import { RUN_WORDS } from './load/run-words.ts';
import { addExamples, addPlaces, positiveInteger } from './options.ts';
import type { CompareOptions } from './start/compare-runs.ts';
import type { ListOptions, ShowOptions } from './start/show-runs.ts';

export function addRuns(program: Command): void {
  const runs = program.command('runs').summary('list, query, show and compare runs').description('Look at the runs that were: list and query them, show one, compare several.');
  addExamples(runs, [
    ['pipewright runs list', 'the newest first'],
    ['pipewright runs --sort auc --filter "params.horizonDays = 1"', 'the best first; "list" may be left out'],
    ['pipewright runs show latest', 'its steps, figures and where its report is'],
    ['pipewright runs compare previous latest', 'what differs: parameters, code, figures, artifacts'],
  ], `Where a run is asked for: ${RUN_WORDS}.`);

  const list = addPlaces(runs.command('list', { isDefault: true }))
    .description('List runs, the newest first, or those that a question lets through.')
    .option('--pipeline <name>', 'only runs of this pipeline')
    .option('--filter <expression>', 'only runs of which this is true')
    .option('--sort <column>', 'by a column, numbers from the largest; COLUMN:asc, COLUMN:desc')
    .option('--columns <names>', 'what to show, with commas between: id,params.n,metrics.* (default: what sort and filter name)')
    .addOption(new Option('--format <kind>', 'for a terminal, a spreadsheet or a program').choices(['table', 'csv', 'json', 'ndjson']).default('table'))
    .addOption(new Option('--limit <count>', 'at most so many (default: 20 in a table, else all)').argParser(positiveInteger))
    .allowExcessArguments()
    .action(async (options: ListOptions, command: Command) => {
      // As the verb that may be left out, it hears of every word that is no verb.
      if (command.args.length > 0) refuseWord(runs, list, command.args);
      const { listRunsOf } = await import('./start/show-runs.ts');
      await listRunsOf(options);
    });
  addExamples(
    list,
    [
      ['pipewright runs list --pipeline diamond --limit 5', 'the last five of one pipeline'],
      ['pipewright runs list --sort accuracy --columns id,params.*,accuracy', 'a table of parameters and what came of them'],
      ['pipewright runs list --filter "metrics.auc > 0.52 and status = \'Succeeded\'"', 'a question; "and", "or", "not", "in", "like", "is null"'],
      ['pipewright runs list --format csv', 'everything, for a spreadsheet'],
    ],
    'A column is named in full (metrics.evaluate.accuracy) or by so much of its end that it is unmistakable (accuracy). docs/guides/tracking.md',
  );
  addExamples(
    addPlaces(runs.command('show'))
      .description('Show one run: steps, results, figures, failures. Writes its report if that is missing.')
      .argument('[run]', RUN_WORDS, 'latest')
      .option('--curves', 'the lines of its charts instead: learning curves, ROC, capital', false)
      .addOption(new Option('--format <kind>', 'for people, the points of all curves as CSV, or all that is known as JSON').choices(['text', 'csv', 'json']).default('text'))
      .action(async (run: string, options: ShowOptions) => {
        const { showRun } = await import('./start/show-runs.ts');
        await showRun(run, options);
      }),
    [
      ['pipewright runs show k3f9', 'the run whose identifier ends so'],
      ['pipewright runs show latest --curves', 'how training went'],
    ],
  );
  addExamples(
    addPlaces(runs.command('compare'))
      .description('Say what differs between runs: parameters, code, results, figures, artifacts.')
      .argument('[runs...]', `two or more of: ${RUN_WORDS} (default: previous latest)`)
      .option('--all', 'what is the same too', false)
      .addOption(new Option('--format <kind>', 'for a terminal, a spreadsheet or a program').choices(['table', 'csv', 'json']).default('table'))
      .action(async (wanted: readonly string[], options: CompareOptions) => {
        const { compareRuns } = await import('./start/compare-runs.ts');
        await compareRuns(wanted, options);
      }),
    [
      ['pipewright runs compare', 'the last two runs of the pipeline that ran last'],
      ['pipewright runs compare k3f9 p2x7 latest', 'side by side, with differences from the first'],
    ],
  );
}

function refuseWord(runs: Command, list: Command, words: readonly string[]): void {
  const isCalled = runs.args[0] === 'list';
  const verbs = runs.commands.map((command) => command.name());
  if (isCalled) list.error(`error: too many arguments. Expected 0 arguments but got ${words.length}`, { code: 'commander.excessArguments' });
  const near = closest(words[0]!, verbs) ?? verbs.find((verb) => [...verb].sort().join('') === [...words[0]!].sort().join(''));
  runs.error(`error: unknown command '${words[0]}'${near === undefined ? '' : `\n(Did you mean ${near}?)`}`, { code: 'commander.unknownCommand' });
}
