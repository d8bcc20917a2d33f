import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openDirectoryStore } from '../../store/directory-store.ts';

// Puts and gets an object of the given number of mebibytes and reports by how much memory grew at most.
const [root, mebibytes] = process.argv.slice(2) as [string, string];
const store = await openDirectoryStore(root);
const piece = Buffer.alloc(1024 * 1024, 3);

const before = process.memoryUsage().rss;
let peak = before;
const measure = (): void => void (peak = Math.max(peak, process.memoryUsage().rss));
async function* pieces(): AsyncGenerator<Buffer> {
  for (let i = 0; i < Number(mebibytes); i++) {
    measure();
    yield piece;
  }
}

const { digest, size } = await store.putObject(Readable.from(pieces(), { objectMode: false }));
let read = 0;
await pipeline(
  await store.getObject(digest),
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      read += chunk.length;
      measure();
      done();
    },
  }),
);
process.send!({ size, read, grown: peak - before });
process.disconnect();
