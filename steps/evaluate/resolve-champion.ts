import { openRegistry, servedVersion } from '../../registry/index.ts';
import { openStepStore } from '../runtime/open-step-store.ts';

/** Whether a champion is named by an alias instead of its digest. */
export function isAlias(champion: string): boolean {
  return champion !== '' && !champion.startsWith('sha256:');
}

interface Asked<P> {
  readonly parameters: P;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: (message: string) => void;
}

/**
 * Turns an alias into the digest of the model that serves by it, or into none: after a rollout that was killed between
 * promotion and requests that is the one before, so the same run gives the same verdict again and finishes the rollout. A workflow that a schedule or kubectl
 * creates says "production" and means today's (docs/decisions/0010).
 */
export async function resolveChampion<P extends { readonly champion: string; readonly name: string }>({ parameters, environment, log }: Asked<P>): Promise<P> {
  const { champion: alias, name } = parameters;
  if (!isAlias(alias)) return parameters;
  const registry = openRegistry(await openStepStore(environment));
  const entries = (await registry.listModels()).includes(name) ? await registry.ledger(name) : [];
  const version = servedVersion(entries, alias);
  const pointed = entries.findLast((entry) => entry.alias === alias && entry.action !== 'none')?.version;
  if (pointed !== version) log(`Version ${pointed} of ${name} was promoted to ${alias}, but its rollout ended before it got the requests: it is not the model to beat.`);
  if (version === undefined) {
    log(`The alias ${alias} of ${name} points nowhere yet: the candidates are compared with the baselines only.`);
    return { ...parameters, champion: '' };
  }
  const { artifact } = await registry.readVersion(name, version);
  log(`The alias ${alias} of ${name} points to version ${version}: that is the model to beat.`);
  return { ...parameters, champion: artifact.digest };
}
