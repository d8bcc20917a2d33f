import { compareOutcomes, compareWithStatement } from './compare.ts';
import type { Outcome } from './outcome.ts';
import type { ParityCase } from './parity-case.ts';

/** One line for each pipeline: how long it took, how many pods, and whether the two agree with the corpus and one another. */
export async function printTable(cases: readonly ParityCase[], laptop: ReadonlyMap<string, Outcome>, cluster: ReadonlyMap<string, Outcome>): Promise<string> {
  const lines = [row('pipeline', 'laptop', 'cluster', 'pods', 'verdict')];
  let [agreed, pods] = [0, 0];
  for (const { name, expected } of cases) {
    const [here, there] = [laptop.get(name), cluster.get(name)];
    const ofThis = there === undefined ? 0 : Object.values(there.tasks).reduce((sum, { attempts }) => sum + attempts, 0);
    const differences = here === undefined || there === undefined
      ? ['did not run']
      : [...(await compareWithStatement(expected, here, 'laptop')), ...(await compareWithStatement(expected, there, 'cluster')), ...compareOutcomes(here, there, expected.onCluster)];
    if (differences.length === 0) agreed++;
    pods += ofThis;
    const verdict = differences.length > 0 ? `${differences.length} differences` : expected.onCluster === undefined ? 'same' : 'differs as documented';
    lines.push(row(name, seconds(here), seconds(there), String(ofThis), verdict));
  }
  lines.push(`${agreed} of ${cases.length} pipelines agree, ${pods} pods`);
  return `\n${lines.join('\n')}\n`;
}

function row(name: string, laptop: string, cluster: string, pods: string, verdict: string): string {
  return `${name.padEnd(28)} ${laptop.padStart(8)} ${cluster.padStart(8)} ${pods.padStart(5)}  ${verdict}`;
}

function seconds(outcome: Outcome | undefined): string {
  return outcome === undefined ? '-' : `${outcome.seconds.toFixed(1)} s`;
}
