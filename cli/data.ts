import { Option, type Command } from 'commander';
import { addExamples, addPlaces, positiveInteger, type PlaceOptions } from './options.ts';

export interface DataOptions extends PlaceOptions {
  readonly output: 'table' | 'json';
}

export interface ListDataOptions extends DataOptions {
  readonly symbol?: string;
  readonly limit: number;
}

export interface PinOptions extends PlaceOptions {
  readonly out: string;
}

const VERSION_WORDS = 'latest, previous, or the beginning of a digest';

function addOutput(command: Command): Command {
  return addPlaces(command).addOption(new Option('--output <kind>', 'for people, or JSON').choices(['table', 'json']).default('table'));
}

export function addData(program: Command): void {
  const data = program
    .command('data')
    .summary('list, show, compare and pin versions of the data')
    .description('Look at the datasets that were read. A version is named by its content: the digest of its file.');
  addExamples(data, [
    ['pipewright data list', 'the newest first'],
    ['pipewright data diff', 'what differs between the last two: rows, schema, statistics'],
    ['pipewright data pin latest', 'write data.lock.json, for Git'],
    ['pipewright run pipeline/pipeline.ts -p source=pinned:data.lock.json', 'read what it names, and nothing else'],
  ], `Where a version is asked for: ${VERSION_WORDS}.`);

  addExamples(
    addOutput(data.command('list'))
      .description('List the versions that runs in this folder have read: digest, rows, range, source, parent and the run that read it first.')
      .option('--symbol <name>', 'only of this symbol')
      .option('--limit <count>', 'at most so many', positiveInteger, 20)
      .action(async (options: ListDataOptions) => {
        await (await import('./data/list-data.ts')).listData(options);
      }),
    [['pipewright data list --symbol ^GSPC --output json', 'for another program']],
  );
  addExamples(
    addOutput(data.command('show'))
      .description('Show one version: where it comes from, what it continues, its columns and their statistics.')
      .argument('[version]', VERSION_WORDS, 'latest')
      .action(async (version: string, options: DataOptions) => {
        await (await import('./data/show-data.ts')).showData(version, options);
      }),
    [['pipewright data show 9409e934', 'the version whose digest begins so']],
  );
  addExamples(
    addOutput(data.command('diff'))
      .description('Say what differs between two versions: rows that were added, changed or removed, by their day; columns; statistics.')
      .argument('[before]', VERSION_WORDS, 'previous')
      .argument('[after]', VERSION_WORDS, 'latest')
      .action(async (before: string, after: string, options: DataOptions) => {
        await (await import('./data/diff-data.ts')).diffData(before, after, options);
      }),
    [['pipewright data diff 9409e934 latest', 'what has come since']],
  );
  addExamples(
    addPlaces(data.command('pin'))
      .description('Write a small file that names a version, for Git. A run that is given it reads the dataset from the store, or else its source, and refuses any other content.')
      .argument('[version]', VERSION_WORDS, 'latest')
      .option('--out <path>', 'where to', 'data.lock.json')
      .action(async (version: string, options: PinOptions) => {
        await (await import('./data/pin-data.ts')).pinData(version, options);
      }),
    [['pipewright data pin latest --out prices.lock.json', 'under another name']],
  );
}
