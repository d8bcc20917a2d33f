import { lastIntervention, openRegistry } from '../../registry/index.ts';
import { openStepStore } from '../runtime/open-step-store.ts';
import { findCluster, whyNotServed } from './on-cluster.ts';

interface Asked<P> {
  readonly parameters: P;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: (message: string) => void;
}

const PATIENCE_MS = 90_000;

/**
 * Says what has happened to the alias that no run did. A deployment may be taken from the cache only while that is the
 * same, and while what the alias points to is served: if somebody removed its servers, the answer is one that was never
 * given before (docs/decisions/0010).
 */
export async function resolveSince<P extends { readonly name: string; readonly alias: string; readonly since: string }>({ parameters, environment, log }: Asked<P>): Promise<P> {
  const { name, alias } = parameters;
  const registry = openRegistry(await openStepStore(environment));
  const isKnown = (await registry.listModels()).includes(name);
  const since = parameters.since === 'now' ? String(isKnown ? lastIntervention(await registry.ledger(name), alias) : 0) : parameters.since;
  const cluster = await findCluster(environment, alias);
  const state = isKnown ? (await registry.aliases(name)).find((each) => each.alias === alias) : undefined;
  if (cluster === undefined || state === undefined) return { ...parameters, since };
  const missing = await whyNotServed(cluster, name, state.version, AbortSignal.timeout(PATIENCE_MS));
  if (missing === undefined) return { ...parameters, since };
  log(`The alias ${alias} of ${name} points to version ${state.version}, but ${missing}: it is deployed anew.`);
  return { ...parameters, since: `${since}, and ${missing} on ${new Date().toISOString()}` };
}
