import { once } from 'node:events';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { openRegistry } from '../../registry/index.ts';
import { openStore } from '../../store/index.ts';

interface Round {
  readonly round: number;
  readonly version: number;
  readonly expected: number | undefined;
}

// Waits for a round, then promotes a version of its own against the same expectation as its siblings.
const [root, run] = process.argv.slice(2) as [string, string];
const registry = openRegistry(await openStore(root));
process.send!('ready');
for (;;) {
  const [{ round, version, expected }] = (await once(process, 'message')) as [Round];
  try {
    const entry = await registry.promote('stock-direction', { version, expected, alias: 'production', decision: 'promote', reason: 'race', run: `${run}-${round}` });
    process.send!({ version: entry.version, sequence: entry.sequence });
  } catch (error) {
    process.send!({ code: (error as PipewrightError).code, message: (error as Error).message });
  }
}
