import { Command, CommanderError, InvalidArgumentError, type Option } from 'commander';
import { addArtifacts } from './artifacts.ts';
import { addBacktest } from './backtest.ts';
import { addCanary } from './canary.ts';
import { addCheck } from './check.ts';
import { addCluster } from './cluster.ts';
import { addCompile } from './compile.ts';
import { addData } from './data.ts';
import { EXIT, EXIT_CODES_HELP, printIssues, reportError } from './errors.ts';
import { addGraph } from './graph.ts';
import { addImages } from './images.ts';
import { addInferSchema } from './infer-schema.ts';
import { addMlflow } from './mlflow.ts';
import { addModels } from './models.ts';
import { addRun } from './run.ts';
import { addRuns } from './runs.ts';
import { addServe } from './serve.ts';
import { addSkew } from './skew.ts';
import { addSubmit } from './submit.ts';
import { issueOfUsage } from './start/usage.ts';
import { addStop, addWatch } from './watch.ts';
import { addWhy } from './why.ts';
import { VERSION } from './version.ts';

export { guardProcess } from './start/guard-process.ts';

/**
 * Runs the command line and returns its exit code. Never throws: whatever goes wrong is told without a stack trace.
 * A verb's file holds its words and options; what is heavy is imported when the verb is used.
 */
export async function main(words: readonly string[]): Promise<number> {
  let command = 'pipewright';
  try {
    const program = createProgram((name) => (command = name));
    await program.parseAsync(words, { from: 'user' });
    return Number(process.exitCode ?? EXIT.good);
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportError(error);
    const issue = issueOfUsage(error, command);
    // Without any word commander shows the help as if that were a mistake, and so it is: nothing was asked for.
    if (issue === undefined) return error.code === 'commander.help' ? EXIT.misused : EXIT.good;
    printIssues([issue]);
    return EXIT.misused;
  }
}

function createProgram(onVerb: (name: string) => void): Command {
  const program = new Command('pipewright')
    .description('Author ML pipelines in typed TypeScript: run them on this machine, compile them to Argo Workflows.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', `
Examples:
  pipewright run examples/diamond.ts --param n=9
  pipewright compile pipeline/pipeline.ts --out manifests/generated
  pipewright why train

pipewright <verb> --help explains a verb. Each error has a code: docs/ERRORS.md says more about it.
${EXIT_CODES_HELP}`);
  for (const add of [addRun, addSubmit, addWatch, addStop, addCheck, addCompile, addGraph, addWhy, addRuns, addArtifacts, addData, addInferSchema, addModels, addMlflow, addServe, addSkew, addBacktest, addCanary, addImages, addCluster]) add(program);
  program.helpCommand(false);
  prepare(program, 'pipewright', onVerb);
  return program;
}

/** Mistakes are thrown rather than printed, and remember for which verb they were made. */
function prepare(command: Command, name: string, onVerb: (name: string) => void): void {
  command
    .exitOverride((error) => {
      onVerb(name);
      throw error;
    })
    .configureOutput({ outputError: () => undefined })
    .configureHelp({ showGlobalOptions: false })
    .showSuggestionAfterError();
  for (const option of command.options) if (option.required) refuseEmpty(option);
  for (const inner of command.commands) prepare(inner, `${name} ${inner.name()}`, onVerb);
}

/** An empty word is what a shell makes of a variable that was not set. An empty variable counts as not set, as the server has it. */
function refuseEmpty(option: Option): void {
  const { envVar, parseArg } = option;
  if (envVar !== undefined && process.env[envVar] === '') delete option.envVar;
  option.argParser((word: string, before: unknown) => {
    if (word === '') throw new InvalidArgumentError('Give it a value, or leave it out');
    return parseArg === undefined ? word : parseArg(word, before);
  });
}
