import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FaultyProxy, type Fault } from './faulty-proxy.ts';
import { MlflowServer } from './server.ts';
import { Studio, type ReadBack } from './studio.ts';

/*
 * What goes wrong between an exporter and a server, in front of a real server: however often an export fails and is
 * begun again, in the end everything is there once. The yardstick is an undisturbed export of the same run.
 */

let server: MlflowServer;
let studio: Studio;
let whole: Comparable;
let proxy: FaultyProxy | undefined;

beforeAll(async () => {
  studio = await Studio.create();
  await studio.rig.ask('run', 'study.ts');
  server = await MlflowServer.start();
  await exported(await studio.export(server.address, ['--experiment', 'yardstick']));
  whole = comparable(await studio.readBack(server.address, 'yardstick'));
  expect(whole.runs).toHaveLength(4);
});
afterEach(async () => {
  await proxy?.stop();
  proxy = undefined;
});
afterAll(async () => {
  await server?.remove();
  await studio?.rig.remove();
});

async function exported({ code, stderr }: { readonly code: number | null; readonly stderr: string }): Promise<void> {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

interface Comparable { readonly runs: readonly unknown[]; readonly models: readonly unknown[] }

/** Without the identifiers that the server gives out. */
function comparable(back: ReadBack): Comparable {
  const nameOf = (id: string): string => back.models.find((model) => model.id === id)!.name;
  const byName = <T extends { readonly name: string }>(list: readonly T[]): readonly T[] => [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    runs: byName(Object.values(back.runs).map((run) => {
      const { 'mlflow.parentRunId': parent, ...tags } = run.tags;
      const points = Object.fromEntries(Object.entries(run.metrics).map(([key, history]) => [key, [...history].sort(([a], [b]) => a - b)]));
      return { ...run, tags: { ...tags, parent: parent === undefined ? undefined : back.runs[parent]!.name }, metrics: points, outputs: run.outputs.map(nameOf) };
    })),
    models: byName(back.models.map(({ id: _, source, files: { MLmodel: __, ...files }, ...model }) => ({ ...model, files, source: back.runs[source]!.name }))),
  };
}

async function disturb(decide: (method: string, path: string, number: number) => Fault | Promise<Fault>): Promise<FaultyProxy> {
  return (proxy = await FaultyProxy.start(server.port, decide));
}

describe('an export goes on', () => {
  it('when every third request is answered by 500, or by 429', async () => {
    const { address, seen } = await disturb((_method, _path, number) => (number % 6 === 2 ? 'refuse' : number % 6 === 5 ? 'overload' : 'pass'));
    await exported(await studio.export(address, ['--experiment', 'five-hundred']));
    expect(seen.filter(({ fault }) => fault !== 'pass').length).toBeGreaterThan(10);
    expect(comparable(await studio.readBack(server.address, 'five-hundred'))).toEqual(whole);
  });

  it('when the server does its work, but its answer is lost: nothing is made twice', async () => {
    const lost = new Set<string>();
    const { address, seen } = await disturb((method, path) => {
      // The first answer to each kind of request that makes something.
      const kind = `${method} ${path.replaceAll(/[0-9a-f]{32}/g, '')}`;
      if (method === 'GET' || /search/.test(path) || lost.has(kind)) return 'pass';
      lost.add(kind);
      return 'lose answer';
    });
    await exported(await studio.export(address, ['--experiment', 'lost-answers']));
    expect(seen.filter(({ fault }) => fault === 'lose answer').map(({ path }) => path)).toEqual(expect.arrayContaining([expect.stringContaining('experiments/create'), expect.stringContaining('runs/create'), expect.stringContaining('logged-models'), expect.stringContaining('runs/log-batch'), expect.stringContaining('runs/outputs')]));
    expect(comparable(await studio.readBack(server.address, 'lost-answers'))).toEqual(whole);
  });

  it('when it is cut off again and again, at another request each time, and begun anew', async () => {
    const words = ['--experiment', 'cut-off', '--attempts', '1'];
    let failures = 0;
    for (let last = 3; ; last += 9) {
      const { address } = await disturb((_method, _path, number) => (number > last ? 'cut' : 'pass'));
      const { code, stderr } = await studio.export(address, words);
      await proxy!.stop();
      if (code === 0) break;
      expect(stderr).toContain('error PW906');
      failures++;
      expect(last).toBeLessThan(200);
    }
    expect(failures).toBeGreaterThan(3);
    expect(comparable(await studio.readBack(server.address, 'cut-off'))).toEqual(whole);
  });

  it('when two exports of the same run go on at once, and a third looks after them', async () => {
    await Promise.all([1, 2].map(() => studio.export(server.address, ['--experiment', 'at-once'])));
    await exported(await studio.export(server.address, ['--experiment', 'at-once', '--again']));
    expect(comparable(await studio.readBack(server.address, 'at-once')).runs).toEqual(whole.runs);
  });

  it('when the server is killed in the middle and comes back', async () => {
    let killed: Promise<void> | undefined;
    const { address } = await disturb(async (_method, path, number): Promise<Fault> => {
      if (number > 25 && /log-batch/.test(path)) await (killed ??= server.kill().then(() => server.up()));
      return 'pass';
    });
    await exported(await studio.export(address, ['--experiment', 'killed']));
    expect(killed).toBeDefined();
    expect(comparable(await studio.readBack(server.address, 'killed'))).toEqual(whole);
  });

  it('not when the server stays away: PW906, and what was sent is found by the next export', async () => {
    await server.kill();
    const { code, stderr } = await studio.export(server.address, ['--experiment', 'away', '--attempts', '2']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: `error PW906\n  The MLflow server ${server.address} cannot be used: nothing listens there, 2 times.\n  → See that it runs and can be reached from here; then export again: what is there already is not made twice.\n` });
    await server.up();
    await exported(await studio.export(server.address, ['--experiment', 'away']));
  });
});
