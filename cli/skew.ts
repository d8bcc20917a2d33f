import type { Command } from 'commander';
import { addExamples } from './options.ts';

export function addSkew(program: Command): void {
  const command = program
    .command('skew')
    .summary('compute served features again, and compare')
    .description('Compute the feature rows that a server wrote down again, by the offline path, and demand that they are equal.')
    .argument('<log>', 'what a server wrote with --feature-log')
    .requiredOption('--prices <file>', 'dataset of the bars that were served, an Arrow file')
    .action(async (log: string, { prices }: { readonly prices: string }) => {
      const { checkSkew } = await import('./start/check-skew.ts');
      await checkSkew(log, prices);
    });
  addExamples(
    command,
    [
      ['pipewright artifacts get latest/validate/clean --to prices.arrow', 'the dataset of the last run'],
      ['pipewright skew served.ndjson --prices prices.arrow', ''],
    ],
    'Exit code 1 when a row differs, or when none could be compared.',
  );
}
