import { execFile, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../dsl/util/index.ts';
import { openDirectoryStore } from '../../store/directory-store.ts';
import { failure } from './behaviour.ts';
import { bundleProgram } from './children.ts';

const racers = await bundleProgram(new URL('race-child.ts', import.meta.url));
const writers = await bundleProgram(new URL('crash-child.ts', import.meta.url));
const measured = await bundleProgram(new URL('memory-child.ts', import.meta.url));
afterAll(() => Promise.all([racers, writers, measured].map((program) => program.remove())));

let root: string;
beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'pipewright-test-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

describe('processes that use one directory', () => {
  it('race for the same object and the same record: one object, exactly one winner', async () => {
    const children = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (name) => {
        const child = racers.start(root, name);
        await child.next();
        return child;
      }),
    );
    const store = await openDirectoryStore(root);
    for (let round = 0; round < 25; round++) {
      const answers = await Promise.all(children.map((child) => child.ask<{ name: string; digest: string; won: boolean }>(round)));
      const winners = answers.filter((answer) => answer.won);
      expect(winners).toHaveLength(1);
      expect(JSON.parse((await store.readRecord(`race/${round}.json`))!)).toEqual({ name: winners[0]!.name });
      expect(new Set(answers.map((answer) => answer.digest))).toEqual(new Set([digestOf(Buffer.alloc(300_000, round))]));
    }
    expect(await allObjects()).toHaveLength(25);
    await Promise.all(children.map((child) => child.kill()));
  });

  it('are killed at any moment: whatever can be seen is whole, and the store goes on', async () => {
    let interrupted = 0;
    for (let kill = 0; kill < 40; kill++) {
      const child = writers.start(root, String(kill * 3));
      expect(await child.next()).toBe('writing');
      await wait(Math.random() * 25);
      await child.kill();
      if ((await readdir(join(root, 'tmp'))).length > 0) interrupted++;
    }
    // Else the kills never met a write, and the test shows nothing.
    expect(interrupted).toBeGreaterThan(5);

    const objects = await allObjects();
    expect(objects.length).toBeGreaterThan(10);
    for (const { digest, path } of objects) {
      expect(digestOf(await readFile(path))).toBe(digest);
      expect((await stat(path)).mode & 0o777).toBe(0o444);
    }
    const store = await openDirectoryStore(root);
    const keys = [...(await store.listRecords('created/')), 'written/shared.json'];
    expect(keys.length).toBeGreaterThan(40);
    for (const key of keys) {
      const { length, filler } = JSON.parse((await store.readRecord(key))!) as { length: number; filler: string };
      expect(filler).toHaveLength(length);
    }
    // Opening swept what the last of them left.
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
    await store.putObject('and it goes on');
  });

  it('hold a few chunks of an object in memory, not the object', async () => {
    const child = measured.start(root, '256');
    const { size, read, grown } = await child.next<{ size: number; read: number; grown: number }>();
    expect(size).toBe(256 * 1024 * 1024);
    expect(read).toBe(size);
    expect(grown).toBeLessThan(size / 3);
    await child.kill();
  });

  async function allObjects(): Promise<{ digest: string; path: string }[]> {
    const folder = join(root, 'objects/sha256');
    const names = await readdir(folder, { recursive: true });
    return names.filter((name) => name.includes('/')).map((name) => ({ digest: `sha256:${name.replace('/', '')}`, path: join(folder, name) }));
  }
});

describe('sweeping', () => {
  const random = '0123456789abcdef';

  // Only Linux tells when a process began.
  it.runIf(process.platform === 'linux')('leaves the files of living processes, removes those of dead ones and of an id given to another', async () => {
    const store = await openDirectoryStore(root);
    const tmp = join(root, 'tmp');
    const child = writers.start(root, '1');
    await child.next();
    const held = await stopInMidWrite(child.process, tmp);
    const [, host, pid, start] = held[0]!.split('-');
    expect(await store.sweep()).toEqual([]);

    // The same process id, but of a process that began at another time.
    const recycled = `pipewright-${host}-${pid}-${Number(start) + 1}-${random}`;
    await writeFile(join(tmp, recycled), '');
    await writeFile(join(tmp, 'not-ours'), '');
    expect(await store.sweep()).toEqual([recycled]);

    await child.kill();
    expect([...(await store.sweep())].sort()).toEqual([...held].sort());
    expect(await readdir(tmp)).toEqual(['not-ours']);
  });

  it('leaves the files of another host for a day', async () => {
    const store = await openDirectoryStore(root);
    const name = `pipewright-00000000-1-1-${random}`;
    await writeFile(join(root, 'tmp', name), '');
    expect(await store.sweep()).toEqual([]);
    const longAgo = new Date(Date.now() - 25 * 3600 * 1000);
    await utimes(join(root, 'tmp', name), longAgo, longAgo);
    expect(await store.sweep()).toEqual([name]);
  });
});

describe('a directory that cannot be used', () => {
  it('is told with the path, the cause and what to do', async () => {
    const file = join(root, 'file');
    await writeFile(file, '');
    const error = await failure(openDirectoryStore(join(file, 'store')));
    expect(error.code).toBe('PW403');
    expect(error.message).toContain(join(file, 'store'));
    expect(error.issues[0]!.fix).toContain('A file is in the way');
  });

  it('fails in the middle of a put (no more space) and keeps nothing of it', async () => {
    // The limit on the size of a file stands for a full disk: the same write fails, with EFBIG in place of ENOSPC.
    const program = `
      import { openDirectoryStore } from ${JSON.stringify(new URL('../../store/directory-store.ts', import.meta.url).href)};
      const store = await openDirectoryStore(process.argv[1]);
      const error = await store.putObject(Buffer.alloc(1_000_000)).catch((error) => error);
      process.stdout.write(JSON.stringify({ code: error.code, message: error.message, fix: error.issues[0].fix }));`;
    const argv = ['-c', 'ulimit -f 100; exec "$0" --import tsx --input-type=module -e "$1" "$2"', process.execPath, program, root];
    const { stdout } = await promisify(execFile)('/bin/sh', argv);
    expect(JSON.parse(stdout)).toMatchObject({ code: 'PW403', message: expect.stringContaining('EFBIG') as string, fix: expect.stringContaining('use another disk') as string });
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
    expect(await readdir(join(root, 'objects/sha256'))).toEqual([]);
  });
});

/** Stops a process at a moment at which it has a temporary file; returns the names of its files. */
async function stopInMidWrite(child: ChildProcess, folder: string): Promise<string[]> {
  for (;;) {
    child.kill('SIGSTOP');
    await wait(5);
    const names = await readdir(folder);
    if (names.length > 0) return names;
    child.kill('SIGCONT');
    await wait(1);
  }
}
