import { isUnfinished, ROLLED_OUT } from './fold.ts';
import type { Registry } from './registry.ts';

/** Notes that a version which a rollout promoted gets the requests now. Can be repeated; nothing for other promotions. */
export async function finishRollout(registry: Registry, name: string, alias: string, version: number, run: string | undefined): Promise<void> {
  const entries = await registry.ledger(name);
  const last = entries.findLast((entry) => entry.alias === alias && entry.action !== 'none');
  if (last === undefined || last.version !== version || !isUnfinished(entries, last)) return;
  await registry.recordDecision(name, { version, alias, decision: ROLLED_OUT, reason: `Version ${version} answers all requests.`, ...(run === undefined ? {} : { run }) });
}
