import { Option, type Command } from 'commander';
import type { SplitName } from './backtest/divide.ts';
import { RUN_WORDS } from './load/run-words.ts';
import { addExamples, addPlaces, positiveInteger, wholeNumber, type PlaceOptions } from './options.ts';

export interface BacktestOptions extends PlaceOptions {
  readonly split: SplitName;
  readonly folds: number;
  readonly testFolds?: number;
  readonly candidates?: string;
  readonly seed?: number;
  readonly output: 'table' | 'json';
  readonly out?: string;
}

/** As `SPLITS`, which is not imported: with it would come all that a backtest needs, before it is known that there is one. */
const NAMES: readonly SplitName[] = ['walk-forward', 'rolling', 'purged-k-fold', 'combinatorial-purged'];

export function addBacktest(program: Command): void {
  addExamples(
    addPlaces(program.command('backtest'))
      .summary('refit candidates fold by fold, and judge them on days they did not know')
      .description('Take the features of a run, refit candidates on the training rows of every fold, and judge their forecasts of the rows that no fit knew, together and fold by fold, beside their baselines. Nothing is chosen, and nothing is registered.')
      .argument('[run]', RUN_WORDS, 'latest')
      .addOption(new Option('--split <name>', 'how the rows are divided').choices([...NAMES]).default('walk-forward'))
      .option('--folds <number>', 'folds; of combinatorial-purged groups of rows', positiveInteger, 8)
      .option('--test-folds <number>', 'of combinatorial-purged: groups that a fold is judged on (default: 2)', positiveInteger)
      .option('--candidates <json>', 'a list of candidates, or @file with one (default: those of the run)')
      .option('--seed <number>', 'decides all that is drawn (default: that of the run)', wholeNumber)
      .addOption(new Option('--output <kind>', 'for people, or JSON').choices(['table', 'json']).default('table'))
      .option('--out <file>', 'where the page with the pictures goes (default: beside the report of the run)')
      .action(async (run: string, options: BacktestOptions) => {
        const { carryOutBacktest } = await import('./backtest/run.ts');
        process.exitCode = await carryOutBacktest(run, options);
      }),
    [
      ['pipewright backtest', 'all candidates of the latest run, walking forward in 8 folds'],
      [`pipewright backtest --candidates '[{"architecture":"logistic","learningRate":0.001}]'`, 'one of your own'],
      ['pipewright backtest k3f9 --split combinatorial-purged --folds 6 --test-folds 2', '15 fits, 5 whole histories'],
    ],
    'docs/guides/evaluation.md says what each split is for.',
  );
}
