import { readdir } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../dsl/util/index.ts';
import { openRegistry } from '../../registry/index.ts';
import { objectKey, openStore, putArtifact } from '../../store/index.ts';
import { openS3Store } from '../../store/s3-store.ts';
import { describeStore, failure, randomBytes } from '../store/behaviour.ts';
import { startFaultyProxy, type FaultyProxy } from '../store/faulty-proxy.ts';
import { HOW_TO_ENABLE, findMinio, type Minio } from '../store/minio.ts';

const found = await findMinio();
if (typeof found === 'string') {
  console.warn(`\nSKIPPED: the S3 store was not tested. ${found}\nTo test it, ${HOW_TO_ENABLE}.\n`);
  describe.skip('the S3 store on a real MinIO', () => {
    it(`skipped: ${found}`, () => undefined);
  });
} else {
  afterAll(() => found.stop());
  describeStore('a bucket', async () => ({
    store: await openS3Store(found.settings),
    again: () => openS3Store(found.settings),
    damage: async (digest, bytes) => void (await found.client.putObject(found.settings.bucket, keyOf(found, objectKey(digest)), bytes, bytes.length)),
    remove: (digest) => found.client.removeObject(found.settings.bucket, keyOf(found, objectKey(digest))),
  }));
  describeServer(found);
}

function describeServer(minio: Minio): void {
  const { settings, client } = minio;
  const { bucket } = settings;

  describe('a bucket: large objects', () => {
    // Three parts, two of which are the same: a client that goes on with an unfinished upload mixes those up.
    const bytes = Buffer.concat([Buffer.alloc(16 * 1024 * 1024, 5), randomBytes(3_000_001)]);
    const digest = digestOf(bytes);

    it('travel in parts, from two writers at once, past an upload that someone left unfinished', async () => {
      const key = keyOf(minio, objectKey(digest));
      const left = await client.initiateNewMultipartUpload(bucket, key, {});
      await client.uploadPart({ bucketName: bucket, objectName: key, uploadID: left, partNumber: 1, headers: {} }, bytes.subarray(0, 8 * 1024 * 1024));

      const stores = await Promise.all([openS3Store(settings), openS3Store(settings)]);
      const puts = await Promise.all(stores.map((store) => store.putObject(Readable.from([bytes], { objectMode: false }))));
      for (const put of puts) expect(put).toEqual({ digest, size: bytes.length });
      expect((await buffer(await stores[0]!.getObject(puts[0]!.digest))).equals(bytes)).toBe(true);
      expect((await client.statObject(bucket, key)).etag).toMatch(/-3$/);
      await client.abortMultipartUpload(bucket, key, left);
    });

    it('leave no upload and no temporary file behind when a part fails', async () => {
      const proxy = await startFaultyProxy(settings);
      const store = await openS3Store(proxy.settings);
      const isSecondPart = (request: IncomingMessage): boolean => /partNumber=2/.test(request.url ?? '');
      const other = Buffer.concat([bytes, randomBytes(10)]);
      proxy.breakNext(isSecondPart, { status: 400 });
      expect((await failure(store.putObject(other))).code).toBe('PW403');
      expect(await store.statObject(digestOf(other))).toBeUndefined();
      expect((await readdir(tmpdir())).filter((name) => name.startsWith('pipewright-') && name.includes(`-${process.pid}-`))).toEqual([]);
      const pending: unknown[] = [];
      for await (const upload of client.listIncompleteUploads(bucket, keyOf(minio, objectKey(digestOf(other))), true)) pending.push(upload);
      expect(pending).toEqual([]);

      proxy.breakNext(isSecondPart, { status: 503 });
      expect((await store.putObject(other)).size).toBe(other.length);
      await proxy.stop();
    });
  });

  describe('a bucket: a bad network', () => {
    let proxy: FaultyProxy;
    beforeAll(async () => (proxy = await startFaultyProxy(settings)));
    afterAll(() => proxy.stop());
    const isPut = (request: IncomingMessage): boolean => request.method === 'PUT';

    it('tells the writer of a record that it won although the answer was lost, and the next one that it did not', async () => {
      const store = await openS3Store(proxy.settings);
      proxy.breakNext(isPut, 'lose the answer');
      expect(await store.createRecord('network/lost.json', '{"writer":1}')).toBe(true);
      proxy.breakNext(isPut, 'lose the answer');
      expect(await store.createRecord('network/lost.json', '{"writer":2}')).toBe(false);
      expect(await store.readRecord('network/lost.json')).toBe('{"writer":1}');
    });

    it('ends a stream that breaks off with PW403, never as if it were complete', async () => {
      const store = await openS3Store(proxy.settings);
      const { digest } = await store.putObject(randomBytes(4_000_000));
      proxy.breakNext((request) => request.method === 'GET', 'cut the answer');
      const error = await failure(store.getObject(digest).then((stream) => buffer(stream)));
      expect(error.code).toBe('PW403');
      expect(error.message).toContain('ECONNRESET');
      expect((await buffer(await store.getObject(digest))).length).toBe(4_000_000);
    });

    it('reads and writes through a passing failure', async () => {
      const store = await openS3Store(proxy.settings);
      proxy.breakNext(isPut, { status: 503 });
      await store.writeRecord('network/busy.json', '"text"');
      proxy.breakNext((request) => request.method === 'GET', { status: 500 });
      expect(await store.readRecord('network/busy.json')).toBe('"text"');
      proxy.breakNext((request) => request.method === 'GET', 'cut the answer');
      expect(await store.readRecord('network/busy.json')).toBe('"text"');
    });
  });

  describe('a bucket: more records than one page', () => {
    it('lists them all', async () => {
      const store = await openS3Store(settings);
      const names = Array.from({ length: 1003 }, (_, i) => `${keyOf(minio, 'records/many')}/${String(i).padStart(4, '0')}.json`);
      for (let i = 0; i < names.length; i += 50) await Promise.all(names.slice(i, i + 50).map((name) => client.putObject(bucket, name, Buffer.from('{}'), 2)));
      expect(await store.listRecords('many/')).toHaveLength(1003);
    });
  });

  describe('a bucket: errors', () => {
    it.each([
      ['an unknown key', { accessKey: 'nobody-knows' }, /does not accept the credentials \(InvalidAccessKeyId/, 'AWS_ACCESS_KEY_ID'],
      ['a wrong secret', { secretKey: 'wrong-secret' }, /does not accept the credentials \(SignatureDoesNotMatch/, 'AWS_SECRET_ACCESS_KEY'],
      ['no such bucket', { bucket: 'no-such-bucket-here' }, /no such bucket \(NoSuchBucket/, 'S3_BUCKET'],
      ['an impossible bucket', { bucket: 'A' }, /no such bucket/, 'S3_BUCKET'],
    ])('says what is wrong: %s', async (_what, wrong, message, fix) => {
      const error = await failure(openS3Store({ ...settings, ...wrong }));
      expect(error.code).toBe('PW403');
      expect(error.message).toMatch(message);
      expect(error.issues[0]!.fix).toContain(fix);
      const everything = inspect(error, { depth: 10 });
      for (const secret of [settings.secretKey, 'wrong-secret', 'nobody-knows']) expect(everything).not.toContain(secret);
    });
  });

  describe('a bucket: opened by its location', () => {
    const scheme = settings.useSSL ? 'https' : 'http';
    const environment = {
      S3_ENDPOINT: `${scheme}://${settings.endPoint}${settings.port === undefined ? '' : `:${settings.port}`}`,
      AWS_ACCESS_KEY_ID: settings.accessKey,
      AWS_SECRET_ACCESS_KEY: settings.secretKey,
      AWS_REGION: settings.region,
    };

    it('uses the bucket and prefix of the location, and the same keys as a directory', async () => {
      const store = await openStore(`s3://${bucket}/${settings.prefix}/deeper`, environment);
      const { digest } = await store.putObject('by location');
      await store.createRecord('runs/a.json', '{}');
      const names: string[] = [];
      for await (const item of client.listObjectsV2(bucket, `${settings.prefix}/deeper`, true)) names.push((item as { name: string }).name);
      expect(names.map((name) => name.slice(`${settings.prefix}/deeper/`.length)).sort()).toEqual([objectKey(digest), 'records/runs/a.json']);
    });

    it('carries artifacts and a registry whose races have one winner', async () => {
      const location = `s3://${bucket}/${settings.prefix}/registry`;
      const stores = await Promise.all(Array.from({ length: 4 }, () => openStore(location, environment)));
      const registries = stores.map((store) => openRegistry(store));
      const artifact = await putArtifact(stores[0]!, new URL('.', import.meta.url).pathname);
      const versions = await Promise.all([...registries, ...registries].map((registry, i) => registry.registerVersion('direction', { artifact, metadata: { i } })));
      expect(versions.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);

      let champion: number | undefined;
      for (let round = 0; round < 8; round++) {
        const outcomes = await Promise.allSettled(
          registries.map((registry, i) => {
            const version = (round % 2) * 4 + i + 1;
            return registry.promote('direction', { version, alias: 'production', expected: champion, decision: 'promote', reason: `round ${round}`, run: `run-${round}-${i}` });
          }),
        );
        const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
        expect(won).toHaveLength(1);
        for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'PW411' });
        champion = won[0]!.value.version;
        expect(await registries[0]!.resolveAlias('direction', 'production')).toBe(champion);
      }
      expect((await registries[1]!.verifyLedger('direction')).issues).toEqual([]);
    });
  });
}

function keyOf(minio: Minio, key: string): string {
  return `${minio.settings.prefix}/${key}`;
}
