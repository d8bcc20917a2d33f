import { once } from 'node:events';
import { Readable } from 'node:stream';
import { openDirectoryStore } from '../../store/directory-store.ts';

// Waits for a round, then puts the same object and creates the same record as its siblings.
const [root, name] = process.argv.slice(2) as [string, string];
const store = await openDirectoryStore(root);
process.send!('ready');
for (;;) {
  const [round] = (await once(process, 'message')) as [number];
  const bytes = Buffer.alloc(300_000, round);
  const object = await store.putObject(Readable.from([bytes], { objectMode: false }));
  const won = await store.createRecord(`race/${round}.json`, JSON.stringify({ name }));
  process.send!({ name, digest: object.digest, won });
}
