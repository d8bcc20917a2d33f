import { findEarlierJudgements, formatJudgements } from '../../registry/index.ts';
import { openStepStore } from '../runtime/open-step-store.ts';

interface Asked<P> {
  readonly parameters: P;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: (message: string) => void;
}

/** Turns "now" into the judgements that the ledger knows (docs/decisions/0013), so that the fingerprint knows them too. */
export async function resolveEarlier<P extends { readonly earlier: string; readonly name: string }>({ parameters, environment, log }: Asked<P>): Promise<P> {
  if (parameters.earlier !== 'now') return parameters;
  const earlier = await findEarlierJudgements(await openStepStore(environment), parameters.name);
  const count = earlier.reduce((sum, { judgements }) => sum + judgements, 0);
  if (count > 0) log(`Judgements of ${parameters.name} before this one: ${count}. Those on the same days make this one stricter.`);
  return { ...parameters, earlier: formatJudgements(earlier) };
}
