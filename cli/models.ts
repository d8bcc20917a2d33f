import { Option, type Command } from 'commander';
import type { UpgradeOptions } from './cluster-models/upgrade-on-cluster.ts';
import { addExamples, addFolder, addPlaces, kubernetesName, positiveInteger, type PlaceOptions } from './options.ts';

export interface MoveOptions extends PlaceOptions {
  readonly alias: string;
  readonly reason: string;
  readonly expect?: number;
  /** Move the alias in the cluster's registry, and the requests with it. */
  readonly cluster: boolean;
  readonly context?: string;
  readonly namespace: string;
  readonly gateway: string;
}

const alias = (): Option => new Option('--alias <name>', 'which alias').default('production');
const reason = (): Option => new Option('--reason <sentence>', 'why; it stays in the ledger').makeOptionMandatory();

/** Options of the verbs that can move requests too. */
function addCluster(command: Command): Command {
  return command
    .option('--cluster', 'in the registry of a cluster, and move its requests with the alias', false)
    .option('--context <name>', 'with --cluster: of the kubeconfig (default: its current one)')
    .addOption(new Option('--namespace <name>', 'with --cluster: where the workflows run').argParser(kubernetesName).default('pipewright'))
    .addOption(new Option('--gateway <url>', 'with --cluster: address of its gateway, to see what answers (default: that of the kind cluster)'));
}

export function addModels(program: Command): void {
  const models = program.command('models').summary('look at the model registry, promote and roll back').description('Look at the model registry, and move its aliases by hand. Every move is an entry of an append-only ledger.');
  addExamples(models, [
    ['pipewright models list', 'each model with where its aliases point'],
    ['pipewright models ledger stock-direction', 'which version was production when, and why'],
    ['pipewright models promote stock-direction 3 --reason "Checked by hand"', 'point production to version 3'],
    ['pipewright models rollback stock-direction --reason "Errors since noon"', 'point it back'],
    ['pipewright models upgrade stock-direction', 'on a cluster: the same model by servers of the present code'],
  ]);

  addExamples(
    addPlaces(models.command('list')).description('List models, their newest version and their aliases.').action(async (options: PlaceOptions) => {
      await (await import('./start/show-models.ts')).listAllModels(options);
    }),
    [['pipewright models list', 'in the store of this folder']],
  );
  addExamples(
    addPlaces(models.command('versions'))
      .description('List the versions of a model: when they were registered, their digest, the aliases that point to them.')
      .argument('<model>', 'name of the model')
      .action(async (model: string, options: PlaceOptions) => {
        await (await import('./start/show-models.ts')).listModelVersions(model, options);
      }),
    [['pipewright models versions stock-direction', 'the newest first']],
  );
  addExamples(
    addPlaces(models.command('card'))
      .description('Print the model card of a version: what it is and is for, its data, code, settings, figures beside their baselines, and limits.')
      .argument('<model>', 'name of the model')
      .argument('<version>', 'number of the version', positiveInteger)
      .option('--json', 'as JSON instead of Markdown', false)
      .action(async (model: string, version: number, options: PlaceOptions & { readonly json: boolean }) => {
        await (await import('./start/show-card.ts')).showCard(model, version, options);
      }),
    [
      ['pipewright models card stock-direction 1', 'for people'],
      ['pipewright models card stock-direction 1 --json', 'for programs'],
    ],
  );
  addExamples(
    addPlaces(models.command('aliases'))
      .description('Say where each alias of a model points, since when and why.')
      .argument('<model>', 'name of the model')
      .option('--at <time>', 'not now, but at this time (ISO 8601)')
      .action(async (model: string, options: PlaceOptions & { readonly at?: string }) => {
        await (await import('./start/show-models.ts')).listAliases(model, options);
      }),
    [['pipewright models aliases stock-direction --at 2026-01-31T12:00:00Z', 'what was served then']],
  );
  addExamples(
    addPlaces(models.command('ledger'))
      .description('Print the ledger of a model, the oldest entry first, and verify its chain of digests.')
      .argument('<model>', 'name of the model')
      .action(async (model: string, options: PlaceOptions) => {
        process.exitCode = await (await import('./start/show-models.ts')).showLedger(model, options);
      }),
    [['pipewright models ledger stock-direction', 'exit code 1 if an entry was changed or is missing']],
  );
  addExamples(
    addCluster(addPlaces(models.command('promote')))
      .description('Point an alias of a model to a version.')
      .argument('<model>', 'name of the model')
      .argument('<version>', 'number of the version', positiveInteger)
      .addOption(alias())
      .addOption(reason())
      .option('--expect <version>', 'only if the alias points there now (default: wherever it points)', positiveInteger)
      .action(async (model: string, version: number, options: MoveOptions) => {
        await (await import('./start/move-alias.ts')).promoteVersion(model, version, options);
      }),
    [
      ['pipewright models promote stock-direction 3 --expect 2 --reason "Better on March"', 'refused if somebody was faster'],
      ['pipewright models promote stock-direction 3 --cluster --reason "Checked by hand"', 'brings its servers up, proves them, and gives them the requests'],
    ],
  );
  addExamples(
    addCluster(addPlaces(models.command('rollback')))
      .description('Point an alias back to a version that it held before.')
      .argument('<model>', 'name of the model')
      .addOption(alias())
      .addOption(reason())
      .option('--to <version>', 'which one (default: the one before)', positiveInteger)
      .option('--expect <version>', 'only if the alias points there now', positiveInteger)
      .action(async (model: string, options: MoveOptions & { readonly to?: number }) => {
        await (await import('./start/move-alias.ts')).rollBack(model, options);
      }),
    [
      ['pipewright models rollback stock-direction --reason "Errors since noon"', 'to the version before'],
      ['pipewright models rollback stock-direction --cluster --reason "Errors since noon"', 'and its requests, within seconds'],
    ],
  );  addExamples(
    addFolder(models.command('upgrade'))
      .description('Exchange the servers of the version that answers on a cluster for those of another image. The model stays as it is.')
      .argument('<model>', 'name of the model')
      .option('--image <name>', 'of the model server (default: what "pipewright images" builds of the present code)')
      .option('--registry <host/path>', 'what "pipewright images" was given, where images are pulled from a registry')
      .option('--context <name>', 'of the kubeconfig (default: its current one)')
      .addOption(new Option('--namespace <name>', 'where the workflows run').argParser(kubernetesName).default('pipewright'))
      .addOption(new Option('--gateway <url>', 'address of the cluster\'s gateway, to see what answers (default: that of the kind cluster)'))
      .action(async (model: string, options: UpgradeOptions) => {
        const { version, from, to } = await (await import('./cluster-models/upgrade-on-cluster.ts')).upgradeOnCluster(model, options, (line) => process.stdout.write(`${line}\n`), new AbortController().signal);
        process.stdout.write(from === to ? `Version ${version} of ${model} is served by ${to} already.\n` : `Version ${version} of ${model} is served by ${to} now.\n`);
      }),
    [
      ['pipewright models upgrade stock-direction', 'after "pipewright images" of a new release'],
      ['pipewright models upgrade stock-direction --image pipewright/serving:0123456789ab', 'or back to an image from before'],
    ],
  );
}
