import { openRegistry } from '../../registry/index.ts';
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
 * Turns an alias into the digest of the model that it points to, or into none. A workflow that a schedule or kubectl
 * creates says "production" and means today's (docs/decisions/0010).
 */
export async function resolveChampion<P extends { readonly champion: string; readonly name: string }>({ parameters, environment, log }: Asked<P>): Promise<P> {
  const { champion: alias, name } = parameters;
  if (!isAlias(alias)) return parameters;
  const registry = openRegistry(await openStepStore(environment));
  const states = (await registry.listModels()).includes(name) ? await registry.aliases(name) : [];
  const state = states.find((each) => each.alias === alias);
  if (state === undefined) {
    log(`The alias ${alias} of ${name} points nowhere yet: the candidates are compared with the baselines only.`);
    return { ...parameters, champion: '' };
  }
  const { artifact } = await registry.readVersion(name, state.version);
  log(`The alias ${alias} of ${name} points to version ${state.version}: that is the model to beat.`);
  return { ...parameters, champion: artifact.digest };
}
