import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLUSTER, findRig, PROJECT, useProgramsOfRig, whyNoCluster } from './surroundings.ts';

const BASE = 'pipewright/base:node22';

/**
 * Brings up the cluster that all tests here use, with a kubeconfig of its own, and takes it down again if it was not
 * there before. PIPEWRIGHT_KEEP_CLUSTER=1 keeps it for the next time.
 */
export default async function setup(): Promise<(() => void) | undefined> {
  if (whyNoCluster() !== undefined) return undefined;
  const rig = findRig();
  if (rig !== undefined) useProgramsOfRig();
  // First of all: on a new machine this makes kind, too.
  const images = rig === undefined ? [] : output(join(PROJECT, 'tests/cluster/rig-images.sh'), [rig]).trim().split('\n');
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-kubeconfig-'));
  const kubeconfig = join(folder, 'config');
  process.env['KUBECONFIG'] = kubeconfig;

  const wasThere = output('kind', ['get', 'clusters']).split('\n').includes(CLUSTER);
  // They rotate keys, promote models and take parts of the cluster down: not on one that somebody works with.
  if (rig === undefined && wasThere && !process.env['PIPEWRIGHT_KEEP_CLUSTER']) {
    throw new Error(`There is a kind cluster "${CLUSTER}" already, and these tests would change it. Remove it (npm run cluster:down), or allow it with PIPEWRIGHT_KEEP_CLUSTER=1.`);
  }
  const remove = (): void => {
    // Leftovers of a run that was cut short are removed too; a cluster that was there before is not.
    if (!wasThere && !process.env['PIPEWRIGHT_KEEP_CLUSTER']) {
      work('npm', ['run', 'cluster:down']);
      const left = output('docker', ['ps', '--all', '--quiet', '--filter', `label=io.x-k8s.kind.cluster=${CLUSTER}`]).trim();
      if (left !== '') throw new Error(`cluster:down left containers behind: ${left}`);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    if (rig !== undefined) {
      const settings = { RIG_CLUSTER: CLUSTER, RIG_KIND_CONFIG: join(PROJECT, 'kind-config.yaml'), RIG_KUBECONFIG: kubeconfig };
      work(join(rig, 'cluster/up.sh'), [], settings);
      work('kind', ['load', 'docker-image', '--name', CLUSTER, ...images]);
      work(join(PROJECT, 'tests/cluster/node-base.sh'), [BASE]);
      process.env['PIPEWRIGHT_IMAGE_BASE'] = BASE;
    } else if (wasThere) writeFileSync(kubeconfig, output('kind', ['get', 'kubeconfig', '--name', CLUSTER]), { mode: 0o600 });
    work('node', ['cli/bin.mjs', 'cluster', 'up', '--timeout', '900']);
    work('node', ['cli/bin.mjs', 'images', '--load']);
    if (!existsSync(kubeconfig)) throw new Error(`${kubeconfig} was not written`);
  } catch (error) {
    remove();
    throw error;
  }
  return remove;
}

function output(program: string, words: readonly string[]): string {
  return execFileSync(program, words, { cwd: PROJECT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 });
}

/** Runs a program with its output kept for the case that it fails. */
function work(program: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}): void {
  const { status, stdout, stderr, error } = spawnSync(program, words, { cwd: PROJECT, encoding: 'utf8', env: { ...process.env, ...environment }, maxBuffer: 1 << 26 });
  if (status === 0) return;
  throw new Error(`${[program, ...words].join(' ')} ended with ${status ?? error?.message}:\n${stdout}\n${stderr}`);
}
