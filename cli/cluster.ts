import { Option, type Command } from 'commander';
import { addExamples, positiveInteger } from './options.ts';

export interface ClusterUpOptions {
  /** A context of the kubeconfig: a cluster of one's own, that is never created or deleted here. */
  readonly context?: string;
  /** Seconds to wait for everything. */
  readonly timeout: number;
}

export function addCluster(program: Command): void {
  const cluster = program.command('cluster').summary('bring up, check and take down a cluster').description('A Kubernetes cluster with all that pipelines need: Argo Workflows, MinIO, the gateway, rights and network policies (manifests/cluster).');
  addExamples(cluster, [
    ['pipewright cluster up', 'a kind cluster on this machine, made of kind-config.yaml'],
    ['pipewright cluster up --context staging', 'install into a cluster of your own'],
    ['pipewright cluster status', 'what is healthy and what is not'],
    ['pipewright cluster down', 'delete the kind cluster and all that is in it'],
  ], 'docs/cluster.md has the same as plain kubectl commands.');

  const context = (): Option => new Option('--context <name>', 'a context of the kubeconfig (default: the kind cluster of kind-config.yaml)');
  addExamples(
    cluster.command('up')
      .description('Create the kind cluster if it is missing, install manifests/cluster, and wait until all is ready. May be run again: it changes only what differs.')
      .addOption(context())
      .option('--timeout <seconds>', 'how long to wait for everything', positiveInteger, 300)
      .action(async (options: ClusterUpOptions) => {
        const { bringUp } = await import('./cluster/bring-up.ts');
        await bringUp(options);
      }),
    [['pipewright cluster up --timeout 900', 'for a slow network: images are pulled']],
    'Needs kubectl; without --context also kind and Docker. Passwords that are missing are made at random, in the cluster alone.',
  );
  addExamples(
    cluster.command('status')
      .description('Say of each part whether it is healthy, and if not, why. Exit code 1 if one is not.')
      .addOption(context())
      .action(async (options: Pick<ClusterUpOptions, 'context'>) => {
        const { showStatus } = await import('./cluster/show-status.ts');
        await showStatus(options);
      }),
    [['pipewright cluster status --context staging', 'of a cluster of your own']],
  );
  addExamples(
    cluster.command('down')
      .description('Delete the kind cluster of kind-config.yaml with everything in it: workflows, artifacts, models.')
      .action(async () => {
        const { takeDown } = await import('./cluster/take-down.ts');
        await takeDown();
      }),
    [['pipewright cluster down', 'nothing is kept; pull what you need first']],
    'A cluster of your own is not deleted: docs/cluster.md tells how to uninstall.',
  );
}
