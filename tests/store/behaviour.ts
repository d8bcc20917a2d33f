import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { digestOf, type Digest } from '../../dsl/util/index.ts';
import type { Store } from '../../store/store.ts';

/** A store under test, and the ways around it that a test needs. */
export interface StoreUnderTest {
  readonly store: Store;
  /** A second, independent handle on the same place. */
  readonly again: () => Promise<Store>;
  /** Overwrites the bytes of an object behind the store's back. */
  readonly damage: (digest: Digest, bytes: Buffer) => Promise<void>;
  readonly remove: (digest: Digest) => Promise<void>;
}

/** What every store must do, whatever it is made of. */
export function describeStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name}: objects`, () => {
    let under: StoreUnderTest;
    let store: Store;
    let folder: string;
    beforeAll(async () => {
      under = await open();
      store = under.store;
      folder = await mkdtemp(join(tmpdir(), 'pipewright-test-'));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('gives back what was put, under the digest of its bytes', async () => {
      const put = await store.putObject('hello');
      expect(put).toEqual({ digest: digestOf('hello'), size: 5 });
      expect(await text(await store.getObject(put.digest))).toBe('hello');
      expect(await store.statObject(put.digest)).toBe(5);
    });

    it('gives back any bytes, however they were cut into chunks', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 4000 }), { maxLength: 6 }), async (chunks) => {
          const whole = Buffer.concat(chunks);
          const put = await store.putObject(Readable.from(chunks, { objectMode: false }));
          expect(put).toEqual({ digest: digestOf(whole), size: whole.length });
          expect(await buffer(await store.getObject(put.digest))).toEqual(whole);
        }),
        { numRuns: 20 },
      );
    });

    it('keeps the same bytes once, from a text, a buffer, a view or a stream', async () => {
      const words = 'Köln, 東京';
      const bytes = Buffer.from(words);
      const view = new Uint8Array(Buffer.concat([Buffer.from('<'), bytes, Buffer.from('>')]).buffer.slice(0)).subarray(1, 1 + bytes.length);
      const puts = [await store.putObject(words), await store.putObject(bytes), await store.putObject(Readable.from([bytes]))];
      expect(new Set(puts.map((put) => put.digest)).size).toBe(1);
      expect(puts[0]!.size).toBe(bytes.length);
      expect((await store.putObject(view)).size).toBe(bytes.length);
    });

    it('keeps the empty object', async () => {
      const put = await store.putObject('');
      expect(put.size).toBe(0);
      expect(await store.statObject(put.digest)).toBe(0);
      expect(await text(await store.getObject(put.digest))).toBe('');
    });

    it('knows nothing of an object that was never put', async () => {
      const absent = digestOf('never put anywhere');
      expect(await store.statObject(absent)).toBeUndefined();
      const error = await failure(store.getObject(absent));
      expect(error.code).toBe('PW402');
      expect(error.message).toContain(absent);
      expect(error.message).toContain(store.description);
    });

    it('refuses a digest that is none, before it becomes a path', async () => {
      for (const wrong of ['sha256:../../etc/passwd', 'sha256:ABCD', '', 'md5:00']) {
        expect((await failure(store.getObject(wrong as Digest))).code).toBe('PW402');
        expect((await failure(store.statObject(wrong as Digest))).code).toBe('PW402');
      }
    });

    it('throws the error of the source and keeps nothing of it', async () => {
      const start = Buffer.alloc(200_000, 1);
      const broken = Readable.from(
        (async function* () {
          yield start;
          throw new Error('the source broke');
        })(),
        { objectMode: false },
      );
      await expect(store.putObject(broken)).rejects.toThrow('the source broke');
      expect(await store.statObject(digestOf(start))).toBeUndefined();
      await expect(store.putObject(createReadStream(join(folder, 'absent')))).rejects.toThrow(/ENOENT/);
    });

    it('throws the error of a source that broke before it was read', async () => {
      const broken = new Readable({ read: () => undefined });
      process.nextTick(() => broken.destroy(new Error('gone already')));
      await expect(store.putObject(broken)).rejects.toThrow('gone already');
    });

    it.each([
      ['other bytes of the same length', (bytes: Buffer) => Buffer.from(bytes).fill(7, 500_000, 500_001)],
      ['missing bytes at the end', (bytes: Buffer) => bytes.subarray(0, 300_000)],
      ['nothing', () => Buffer.alloc(0)],
    ])('never passes off a damaged object as sound: %s', async (_what, spoil) => {
      const bytes = randomBytes(1_000_000);
      const { digest } = await store.putObject(bytes);
      await under.damage(digest, spoil(bytes));

      const read = await failure(buffer(await store.getObject(digest)));
      expect(read.code).toBe('PW401');
      expect(read.message).toContain(digest);
      expect(read.issues[0]!.fix).toMatch(/Delete .*objects\/sha256\/.* and run again/);

      const target = join(folder, digest.slice(7, 20));
      const piped = await failure(store.getObject(digest).then((stream) => pipeline(stream, createWriteStream(target))));
      expect(piped.code).toBe('PW401');

      // With a bare `.pipe` the target is never told to end.
      const stream = await store.getObject(digest);
      const sink = new PassThrough();
      sink.resume();
      const ended = await new Promise<string>((resolve) => {
        stream.once('error', (error: Error) => resolve((error as PipewrightError).code));
        sink.once('finish', () => resolve('finished'));
        stream.pipe(sink);
      });
      expect(ended).toBe('PW401');
    });

    it('is mended as its error says: delete the object and put it again', async () => {
      const bytes = randomBytes(50_000);
      const { digest } = await store.putObject(bytes);
      await under.damage(digest, Buffer.alloc(50_000));
      await under.remove(digest);
      expect(await store.statObject(digest)).toBeUndefined();
      await store.putObject(bytes);
      expect(await buffer(await store.getObject(digest))).toEqual(bytes);
    });

    it('replaces an object of the wrong length when the right bytes are put', async () => {
      const bytes = randomBytes(50_000);
      const { digest } = await store.putObject(bytes);
      await under.damage(digest, bytes.subarray(0, 10));
      await store.putObject(bytes);
      expect(await buffer(await store.getObject(digest))).toEqual(bytes);
    });

    it('lets a reader stop early', async () => {
      const { digest } = await store.putObject(randomBytes(2_000_000));
      const stream = await store.getObject(digest);
      for await (const _chunk of stream) break;
      expect(stream.destroyed).toBe(true);
      expect((await buffer(await store.getObject(digest))).length).toBe(2_000_000);
    });

    it('takes the same bytes from many writers at once', async () => {
      const bytes = randomBytes(400_000);
      const stores = await Promise.all([under.again(), under.again(), under.again()]);
      const puts = await Promise.all([...stores, ...stores].map((each) => each.putObject(Readable.from([bytes]))));
      expect(new Set(puts.map((put) => put.digest)).size).toBe(1);
      expect(await buffer(await store.getObject(puts[0]!.digest))).toEqual(bytes);
    });

    it('streams a file in and out', async () => {
      const source = join(folder, 'source');
      const bytes = randomBytes(3_000_000);
      await writeFile(source, bytes);
      const { digest } = await store.putObject(createReadStream(source));
      await pipeline(await store.getObject(digest), createWriteStream(join(folder, 'copy')));
      expect(digestOf(await readFile(join(folder, 'copy')))).toBe(digest);
    });
  });

  describe(`${name}: records`, () => {
    let under: StoreUnderTest;
    let store: Store;
    beforeAll(async () => {
      under = await open();
      store = under.store;
    });

    it('creates a record once', async () => {
      expect(await store.createRecord('once/a.json', '{"n":1}')).toBe(true);
      expect(await store.createRecord('once/a.json', '{"n":2}')).toBe(false);
      expect(await store.readRecord('once/a.json')).toBe('{"n":1}');
    });

    it('tells exactly one of many racing writers that it won, and keeps that one text', async () => {
      const stores = await Promise.all(Array.from({ length: 4 }, () => under.again()));
      for (let round = 0; round < 15; round++) {
        const key = `race/${round}.json`;
        const won = await Promise.all([...stores, ...stores].map((each, i) => each.createRecord(key, `{"writer":${i}}`)));
        expect(won.filter(Boolean)).toHaveLength(1);
        expect(await store.readRecord(key)).toBe(`{"writer":${won.indexOf(true)}}`);
      }
    });

    it('tells one of several writers of the same text that it won', async () => {
      const won = await Promise.all(Array.from({ length: 6 }, () => store.createRecord('race/same.json', '{}')));
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    it('writes, replaces and deletes', async () => {
      await store.writeRecord('w/a.json', '"Köln, 東京"');
      expect(await store.readRecord('w/a.json')).toBe('"Köln, 東京"');
      await store.writeRecord('w/a.json', '"b"');
      expect(await store.readRecord('w/a.json')).toBe('"b"');
      await store.deleteRecord('w/a.json');
      expect(await store.readRecord('w/a.json')).toBeUndefined();
      await store.deleteRecord('w/a.json');
      expect(await store.createRecord('w/a.json', '"c"')).toBe(true);
    });

    it('shows a reader the old text or the new one, never a mixture', async () => {
      const texts = ['a', 'b'].map((letter) => JSON.stringify(letter.repeat(100_000)));
      await store.writeRecord('whole/a.json', texts[0]!);
      const writing = (async () => {
        for (let i = 0; i < 20; i++) await store.writeRecord('whole/a.json', texts[i % 2]!);
      })();
      for (let i = 0; i < 30; i++) expect(texts).toContain(await store.readRecord('whole/a.json'));
      await writing;
    });

    it('shows a new record whole or not at all', async () => {
      const text = JSON.stringify('c'.repeat(3_000_000));
      for (let round = 0; round < 5; round++) {
        let isCreated = false;
        const creating = store.createRecord(`new/${round}.json`, text).finally(() => (isCreated = true));
        while (!isCreated) expect([undefined, text.length]).toContain((await store.readRecord(`new/${round}.json`))?.length);
        await creating;
      }
    });

    it('lists by prefix, sorted, through folders and in the middle of a name', async () => {
      for (const key of ['list/b/2.json', 'list/b/1.json', 'list/a.json', 'list/b.json', 'listing.json', 'list/b/deep/er/3.json']) await store.createRecord(key, '{}');
      expect(await store.listRecords('list/')).toEqual(['list/a.json', 'list/b.json', 'list/b/1.json', 'list/b/2.json', 'list/b/deep/er/3.json']);
      expect(await store.listRecords('list/b/')).toEqual(['list/b/1.json', 'list/b/2.json', 'list/b/deep/er/3.json']);
      expect(await store.listRecords('list/b')).toEqual(['list/b.json', 'list/b/1.json', 'list/b/2.json', 'list/b/deep/er/3.json']);
      expect(await store.listRecords('list')).toContain('listing.json');
      expect(await store.listRecords('absent/')).toEqual([]);
    });

    const strange = ['.hidden.json', 'a b.json', 'ä.json', 'a\\b.json', 'a.json/b.json', 'a\0.json', '-a.json', `${'x/'.repeat(300)}a.json`];
    it.each(['', 'a', 'a.txt', '/a.json', 'a/', '../a.json', 'a/../b.json', './a.json', 'a//b.json', ...strange])(
      'refuses the key %.30j',
      async (key) => {
        for (const attempt of [() => store.createRecord(key, '{}'), () => store.writeRecord(key, '{}'), () => store.readRecord(key), () => store.deleteRecord(key)]) {
          const error = await failure(attempt());
          expect(error.code).toBe('PW404');
          expect(error.message).toContain('not a valid record key');
        }
      },
    );

    it('refuses a prefix that leads elsewhere, and a record that is not small', async () => {
      for (const prefix of ['../', 'a/../../', '/', 'a//b', 'a.json/']) expect((await failure(store.listRecords(prefix))).code).toBe('PW404');
      expect((await failure(store.createRecord('big.json', 'x'.repeat(5_000_000)))).code).toBe('PW404');
    });

    it('keeps any key that it accepts apart from every other', async () => {
      const segment = fc.stringMatching(/^[a-z0-9_][a-z0-9_.-]{0,8}$/).filter((each) => !each.endsWith('.json'));
      const key = fc.tuple(fc.array(segment, { maxLength: 3 }), segment).map(([folders, last]) => ['any', ...folders, `${last}.json`].join('/'));
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(key, { minLength: 2, maxLength: 5 }), async (keys) => {
          for (const each of keys) await store.writeRecord(each, JSON.stringify(each));
          for (const each of keys) expect(await store.readRecord(each)).toBe(JSON.stringify(each));
          expect(await store.listRecords('any/')).toEqual(expect.arrayContaining(keys));
        }),
        { numRuns: 10 },
      );
    });
  });
}

/** The PipewrightError that a promise must end with. */
export async function failure(work: Promise<unknown>): Promise<PipewrightError> {
  const outcome = await work.then(
    () => 'no error',
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(PipewrightError);
  return outcome as PipewrightError;
}

let seed = 1;
/** Bytes that no other call gives (xorshift32), so that one test's object is not another's. */
export function randomBytes(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let state = (seed = (seed + 0x9e3779b9) >>> 0) || 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state & 0xff;
  }
  return bytes;
}
