import { Readable } from 'node:stream';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { t } from '../../dsl/contract/index.ts';
import type { Executor } from '../../dsl/local/index.ts';
import { digestOf, type Digest } from '../../dsl/util/index.ts';
import type { Store } from '../../store/index.ts';
import { checked, newRig, shell } from './rig.ts';

/** The runner's own time is measured here, so the disk of the store and the processes of the steps are taken out. */
function newMemoryStore(): Store {
  const objects = new Map<Digest, Buffer>();
  const records = new Map<string, string>();
  return {
    description: 'memory',
    putObject: async (bytes) => {
      const chunks = bytes instanceof Readable ? await bytes.toArray() : [Buffer.from(bytes)];
      const all = Buffer.concat(chunks as Buffer[]);
      objects.set(digestOf(all), all);
      return { digest: digestOf(all), size: all.length };
    },
    getObject: async (digest) => Readable.from([objects.get(digest)!]),
    statObject: async (digest) => objects.get(digest)?.length,
    createRecord: async (key, text) => !records.has(key) && records.set(key, text).size > 0,
    writeRecord: async (key, text) => void records.set(key, text),
    readRecord: async (key) => records.get(key),
    listRecords: async (prefix) => [...records.keys()].filter((key) => key.startsWith(prefix)).sort(),
    deleteRecord: async (key) => void records.delete(key),
  };
}

/** Writes its parameter as its result. */
const echoing: Executor = {
  name: 'echoing',
  start: (job) => {
    writeFileSync(join(job.folder, 'results', 'n'), job.parameters['n']!);
    return { ended: Promise.resolve({ kind: 'Exited', code: 0 }), stop: () => undefined };
  },
};
const echo = shell('echo', 'true', { parameters: { n: t.integer() }, results: { n: t.integer() } });
const range = (length: number): readonly number[] => Array.from({ length }, (_, n) => n);

it('takes four times as long for four times as many cached tasks, and not sixteen', async () => {
  const seconds: number[] = [];
  for (const count of [100, 400]) {
    const rig = await newRig({ store: newMemoryStore(), executor: echoing });
    const chain = checked('chain', {}, ({ task }) => {
      let n: { readonly n: unknown } | undefined;
      for (const index of range(count)) n = task(echo, { n: index }, { name: `t${index}`, after: [n] });
    });
    const loop = checked('loop', {}, ({ forEach }) => void forEach(range(count), (n, { task }) => void task(echo, { n })));
    let best = Number.POSITIVE_INFINITY;
    for (const round of range(3)) {
      const started = process.cpuUsage();
      const ran = [await rig.run(chain), await rig.run(loop)];
      const { user, system } = process.cpuUsage(started);
      if (round > 0) {
        expect(ran.map(({ cached }) => cached.length)).toEqual([count, count]);
        best = Math.min(best, user + system);
      }
    }
    seconds.push(best);
  }
  expect(seconds[1]! / seconds[0]!).toBeLessThan(8);
}, 120_000);

it('omits ten thousand tasks in a row without running out of stack', async () => {
  const rig = await newRig();
  const ran = await rig.run(checked('row', {}, ({ task }) => {
    let last: object = task(shell('bad', 'exit 1'), {});
    for (const index of range(10_000)) last = task(echo, { n: index }, { name: `t${index}`, after: [last] });
  }));
  expect(ran.tasks.filter(({ status }) => status === 'Omitted')).toHaveLength(10_000);
}, 60_000);
