import { availableParallelism } from 'node:os';
import { InvalidArgumentError, type Command } from 'commander';
import { EXIT } from './errors.ts';
import { addExamples } from './options.ts';

interface CanaryOptions {
  readonly walks: number;
  readonly others: number;
  readonly planted: number;
  readonly processes: number;
  readonly share?: { readonly part: number; readonly of: number };
}

export function addCanary(program: Command): void {
  const command = program.command('canary')
    .summary('prove that the evaluation finds no skill in noise')
    .description('Walk the whole path on seeded random walks and drifting markets, where nothing can be forecast, and on a planted signal; sabotage it, and tell the rates with their intervals. Exit code 1 when a rate is not as stated or a sabotage goes unnoticed.')
    .option('--walks <number>', 'random walks', wholeNumber, 200)
    .option('--others <number>', 'random walks whose labels look 5 and 20 days ahead, and drifting markets, of each', wholeNumber, 40)
    .option('--planted <number>', 'markets with a planted signal', wholeNumber, 5)
    .option('--processes <number>', 'processes that share them', wholeNumber, Math.min(8, availableParallelism()))
    .option('--share <part/of>', 'walk this part of them alone and print a line of JSON for each', readShare)
    .action(async ({ walks, others, planted, processes, share }: CanaryOptions) => {
      const { runCanary, walkShare } = await import('./canary/run.ts');
      const print = (line: string): void => void process.stdout.write(`${line}\n`);
      if (share !== undefined) {
        await walkShare({ walks, others }, share, (walked) => print(JSON.stringify(walked)));
        return;
      }
      const { good } = await runCanary({ walks, others, planted, processes: Math.min(processes, walks), print });
      process.exitCode = good ? EXIT.good : EXIT.failed;
    });
  addExamples(command, [
    ['pipewright canary', '200 random walks, 120 markets that are harder on the gate, 5 planted signals, and the sabotages'],
    ['pipewright canary --walks 20 --others 5', 'a quick look'],
  ]);
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of 1 or more.');
  return Number(text);
}

function readShare(text: string): { readonly part: number; readonly of: number } {
  const found = /^(\d{1,6})\/([1-9]\d{0,5})$/.exec(text);
  if (found === null) throw new InvalidArgumentError('It must be two numbers, as in 0/4.');
  return { part: Number(found[1]), of: Number(found[2]) };
}
