import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { imageOf } from '../cluster/images.ts';
import { mapBounded } from '../../store/index.ts';
import type { Json } from '../../dsl/util/index.ts';
import { ArtifactReader } from './artifacts.ts';
import { Cluster } from './cluster.ts';
import { compareOutcomes, compareWithStatement } from './compare.ts';
import { corpus } from './corpus.ts';
import { startCounter, startCounterPod, type Counter } from './counter.ts';
import { craft } from './modules/contract.ts';
import type { Outcome } from './outcome.ts';
import type { ParityCase } from './parity-case.ts';
import { readWorkflow } from './read-workflow.ts';
import { runLocally } from './run-locally.ts';
import { runOnCluster } from './run-on-cluster.ts';
import { clusterSettings } from './settings.ts';
import { printTable } from './table.ts';

/*
 * The corpus on a laptop and on a real Argo. Each pipeline is a workflow of its own, because what costs time is pods and
 * not workflows: so nothing about names, keys, parameters or the end of a run has to be bent to pack them. Eight run
 * at once: more of them make two processors no faster.
 */

const AT_ONCE = 8;

describe('a laptop and a cluster agree', () => {
  const settings = clusterSettings();
  const { namespace, image } = settings;
  const client = new Cluster(namespace, `run-${Date.now()}`);
  const only = process.env['PIPEWRIGHT_PARITY_ONLY'];
  const cases = corpus.filter(({ name }) => only === undefined || new RegExp(only).test(name));
  const laptop = new Map<string, Outcome>();
  const there = new Map<string, Outcome>();
  const counters: Counter[] = [];

  beforeAll(async () => {
    counters.push(await startCounter(), await startCounterPod(client.core, namespace, `parity-counter-${Date.now()}`, image));
    loadModules();
    const withModules = { ...settings, modules: new Map([[craft.contract.name, await imageOf(craft.contract)]]) };
    const [here, pod] = counters as [Counter, Counter];
    let reader: Promise<ArtifactReader> | undefined;
    const runThere = async (each: ParityCase): Promise<Outcome> => {
      const ran = await runOnCluster(client, each.pipeline, parametersOf(each, pod), withModules);
      reader ??= ArtifactReader.open(client, ran);
      const artifacts = await reader;
      return readWorkflow(each.pipeline, ran, Object.keys(laptop.get(each.name)!.tasks), (key) => artifacts.digestOf(key));
    };
    await mapBounded(cases, AT_ONCE, async (each) => {
      laptop.set(each.name, await runLocally(each.pipeline, parametersOf(each, here)));
      // One that cannot be run or read spoils no other.
      there.set(each.name, await runThere(each).catch((error: unknown) => ({ status: 'unreadable', tasks: {}, seconds: 0, message: String(error) })));
    });
  }, 3_600_000);

  afterAll(async () => {
    console.log(await printTable(cases, laptop, there));
    for (const counter of counters) await counter.close();
    await client.clear(process.env['PIPEWRIGHT_PARITY_KEEP'] !== undefined);
  }, 120_000);

  it.each(cases)('$name', async ({ name, expected }) => {
    const [here, cluster] = [laptop.get(name)!, there.get(name)!];
    expect(await compareWithStatement(expected, here, 'laptop')).toEqual([]);
    expect(await compareWithStatement(expected, cluster, 'cluster')).toEqual([]);
    expect(compareOutcomes(here, cluster, expected.onCluster)).toEqual([]);
  });
});

function parametersOf({ pipeline, parameters }: ParityCase, { address }: Counter): Readonly<Record<string, Json>> {
  return Object.hasOwn(pipeline.parameters, 'counter') ? { ...parameters, counter: address } : parameters;
}

/** Builds the image of the step in TypeScript and loads it into the cluster. */
function loadModules(): void {
  const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  execFileSync(process.execPath, [pathOf('../../cli/bin.mjs'), 'images', pathOf('modules/pipeline.ts'), '--load'], { stdio: ['ignore', 'pipe', 'inherit'] });
}
