import { Option, type Command } from 'commander';
import { addExamples, addPlaces, type PlaceOptions } from './options.ts';

export interface ServeVerbOptions extends PlaceOptions {
  readonly model?: string;
  readonly alias?: string;
  readonly modelFolder?: string;
  readonly host: string;
  readonly port: string;
  readonly poll: string;
  readonly accessLog: boolean;
}

export function addServe(program: Command): void {
  const command = addPlaces(program.command('serve'))
    .summary('serve a model over HTTP')
    .description('Serve a model over HTTP: the Open Inference Protocol (V2), V1 predict, and Prometheus metrics.')
    .option('--model <name>', 'which model of the registry; several with commas (default: the only one there is)')
    .option('--alias <name>', 'which of its versions; a promotion is noticed and takes over (default: "production")')
    .option('--model-folder <path>', 'serve the model in this folder instead, without a registry')
    .addOption(new Option('--host <address>', 'address to listen on; 0.0.0.0 for all').default('127.0.0.1'))
    .addOption(new Option('--port <number>', 'port to listen on; 0 for any free one').default('8080'))
    .addOption(new Option('--poll <seconds>', 'how often a newer version is looked for').default('10'))
    .option('--access-log', 'one line of JSON for each request, on standard error', false)
    .action(async (options: ServeVerbOptions) => {
      const { serveModel } = await import('./start/serve-model.ts');
      process.exitCode = await serveModel(options);
    });
  addExamples(
    command,
    [
      ['pipewright serve', 'the production version of the only model in .pipewright'],
      ['pipewright serve --model stock-direction --alias candidate --port 0', 'another version, on a free port'],
      ['pipewright serve --model-folder model', 'a folder from `artifacts get`'],
    ],
    'It prints ready-to-paste requests once the model answers. Ctrl-C finishes the requests in flight and ends it.',
  );
}
