import { InvalidArgumentError, Option, type Command } from 'commander';
import { addExamples, addPlaces, type PlaceOptions } from './options.ts';

export interface InferSchemaOptions extends PlaceOptions {
  readonly symbol: string;
  readonly tail: number;
  readonly margin: number;
  readonly out?: string;
}

/** The name of TFDV and Pandera for it; what is drafted is a rules document for validate. */
export function addInferSchema(program: Command): void {
  const command = addPlaces(program.command('infer-schema'))
    .summary('draft rules for validation from data')
    .description('Draft a rules document from data that you take to be good: columns and types, ranges, missing values, calendar, gaps, jumps. Read it, narrow it, put it into Git.')
    .argument('<data>', 'a dataset (an Arrow file), whatever ingest reads (a CSV or Parquet file, an address, yahoo:^GSPC, packaged), or a version of `pipewright data`: latest, or the beginning of a digest')
    .option('--symbol <name>', 'of what the source is asked for', '')
    .addOption(new Option('--tail <share>', 'quantiles between which values count as usual: those beyond may be errors').default(0.001).argParser(shareBelowHalf))
    .addOption(new Option('--margin <widths>', 'how far the limits lie beyond those quantiles').default(1).argParser(notNegative))
    .option('--out <path>', 'write it there (default: print it)')
    .action(async (data: string, options: InferSchemaOptions) => {
      const { inferSchema } = await import('./infer-schema/draft-rules.ts');
      await inferSchema(data, options);
    });
  addExamples(command, [
    ['pipewright infer-schema prices.csv --out rules.yaml', 'from a file'],
    ['pipewright infer-schema latest', 'from the dataset that was read last'],
    ['pipewright run pipeline/pipeline.ts -p rules=@rules.yaml', 'hold the data against it'],
  ]);
}

function shareBelowHalf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < 0.5)) throw new InvalidArgumentError('Give a number from 0 to less than 0.5');
  return value;
}

function notNegative(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && Number.isFinite(value))) throw new InvalidArgumentError('Give a number from 0 on');
  return value;
}
