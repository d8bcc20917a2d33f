import { Readable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import { openDirectoryStore } from '../../store/directory-store.ts';

// Writes objects and records for ever, until it is killed. Records hold their own length, so half a record shows.
const [root, seed] = process.argv.slice(2) as [string, string];
const store = await openDirectoryStore(root);

async function* pieces(count: number, letter: number): AsyncGenerator<Buffer> {
  for (let i = 0; i < count; i++) {
    yield Buffer.alloc(16_384, letter + i);
    await breathe();
  }
}

for (let i = 0; ; i++) {
  await store.putObject(Readable.from(pieces(1 + ((i * 7) % 20), Number(seed) + i), { objectMode: false }));
  const filler = 'x'.repeat(50_000 + i);
  const text = JSON.stringify({ length: filler.length, filler });
  await store.createRecord(`created/${seed}-${i}.json`, text);
  await store.writeRecord('written/shared.json', text);
  if (i === 0) process.send!('writing');
}
