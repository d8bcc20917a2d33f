import { openRegistry } from '../../registry/index.ts';
import { openStore } from '../../store/index.ts';

// Registers and promotes version after version, until it is killed; reports each step that is done.
const [root, seed] = process.argv.slice(2) as [string, string];
const store = await openStore(root);
const registry = openRegistry(store);
process.send!('ready');
for (let i = 0; ; i++) {
  const object = await store.putObject(`weights ${seed} ${i}`);
  const { version } = await registry.registerVersion('stock-direction', { artifact: { type: 'file', ...object } });
  process.send!({ registered: version });
  const expected = (await registry.aliases('stock-direction'))[0]?.version;
  await registry.promote('stock-direction', { version, expected, alias: 'production', decision: 'promote', reason: 'next', run: `${seed}-${i}` });
  process.send!({ promoted: version });
}
