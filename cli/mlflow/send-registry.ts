import { canonicalJson, type Json } from '../../dsl/util/index.ts';
import type { AliasState, LedgerEntry, ModelVersion, Registry } from '../../registry/index.ts';
import type { Store } from '../../store/index.ts';
import type { Pair } from './batches.ts';
import { valueOf, type MlflowClient, type MlflowRun, type ModelVersion as MlflowVersion } from './client.ts';
import { LIMITS, shorten } from './limits.ts';
import { needModel } from './send-run.ts';

export interface Mirrored {
  readonly model: string;
  readonly versions: number;
  /** How many of them were new there. */
  readonly added: number;
  /** Aliases that were set or moved: `production → 2`. */
  readonly moved: readonly string[];
  readonly notices: readonly string[];
}

/** The number by which a mirrored version is found again; MLflow counts its own. */
const VERSION = 'pipewright.version';
const SEQUENCE = 'pipewright.ledger_sequence';

/**
 * Mirrors a model's versions and aliases. Pipewright's ledger stays what counts: MLflow keeps no history of an alias, so
 * each version carries the entry that last spoke of it, and the model the number of the last entry that was mirrored.
 */
export async function sendModelOfRegistry(name: string, registry: Registry, { client, store, experiment, findRun }: {
  readonly client: MlflowClient; readonly store: Store; readonly experiment: string; findRun(pipewrightRun: string): Promise<MlflowRun | undefined>;
}): Promise<Mirrored> {
  const [numbers, ledger, aliases] = [await registry.listVersions(name), await registry.ledger(name), await registry.aliases(name)];
  const registered = await client.needRegisteredModel(name, { description: 'Mirrored from the registry of Pipewright, whose ledger has every move of an alias.', tags: [] });
  const sequence = ledger.at(-1)?.sequence ?? 0;
  const mirrored = Number(valueOf(registered.tags, SEQUENCE) ?? 0);
  if (mirrored > sequence) return { model: name, versions: numbers.length, added: 0, moved: [], notices: [`The server knows entry ${mirrored} of the ledger of ${name}, and this registry ends at ${sequence}: it is older, and is not mirrored.`] };
  const before = new Set((await client.listModelVersions(name)).map(({ version }) => version));
  const theirs = new Map<number, string>();
  let added = 0;
  for (const number of numbers) {
    const version = await registry.readVersion(name, number);
    const entry = ledger.findLast((one) => one.version === number);
    const mirror = await sendVersion(version, entry, { client, store, experiment, findRun });
    theirs.set(number, mirror.version);
    if (!before.has(mirror.version)) added++;
    const tags = tagsOf(version, entry);
    for (const tag of tags) if (valueOf(mirror.tags, tag.key) !== tag.value) await client.setModelVersionTag(name, mirror.version, tag);
  }
  const moved = await sendAliases(name, aliases, theirs, new Map((registered.aliases ?? []).map(({ alias, version }) => [alias, version])), client);
  if (mirrored !== sequence) await client.setRegisteredModelTag(name, { key: SEQUENCE, value: String(sequence) });
  const renumbered = [...theirs].filter(([own, other]) => String(own) !== other);
  return {
    model: name, versions: numbers.length, added, moved,
    notices: renumbered.length === 0 ? [] : [`MLflow counts versions itself: ${renumbered.slice(0, 5).map(([own, other]) => `${name} ${own} is ${other} there`).join(', ')}. The tag ${VERSION} has the number.`],
  };
}

async function sendVersion({ name, version, artifact, metadata }: ModelVersion, entry: LedgerEntry | undefined, { client, store, experiment, findRun }: Parameters<typeof sendModelOfRegistry>[2]): Promise<MlflowVersion> {
  const run = entry?.run == null ? undefined : await findRun(entry.run);
  const logged = await needModel({ client, store, experiment }, { name: `${name}-${version}`, reference: artifact, run, params: paramsOf(metadata), tags: [{ key: 'pipewright.digest', value: artifact.digest }] });
  const source = logged.info.source_run_id || run?.info.run_id;
  return client.needModelVersion(name, { key: VERSION, value: String(version) }, {
    source: `models:/${logged.info.model_id}`, model_id: logged.info.model_id, ...(source === undefined ? {} : { run_id: source }),
    tags: [{ key: VERSION, value: String(version) }], description: entry === undefined ? '' : `${entry.decision}: ${entry.reason}`,
  });
}

function tagsOf({ version, artifact, registeredAt }: ModelVersion, entry: LedgerEntry | undefined): readonly Pair[] {
  return Object.entries({
    [VERSION]: String(version), 'pipewright.digest': artifact.digest, 'pipewright.registered_at': registeredAt,
    ...(entry === undefined ? {} : {
      'pipewright.ledger_entry': String(entry.sequence), 'pipewright.ledger_digest': entry.digest, 'pipewright.decision': entry.decision, 'pipewright.reason': entry.reason,
      ...(entry.run === null ? {} : { 'pipewright.run': entry.run }), ...(entry.evidence === null ? {} : { 'pipewright.evidence': entry.evidence }),
    }),
  }).map(([key, value]) => ({ key, value: shorten(value, LIMITS.tagValue) }));
}

function paramsOf(metadata: Json): readonly Pair[] {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return [];
  return Object.entries(metadata).map(([key, value]) => ({ key, value: shorten(typeof value === 'string' ? value : canonicalJson(value), LIMITS.paramValue) }));
}

/** Every name that an alias of ours can have, MLflow takes too (registry/names.ts; mlflow/utils/validation.py). */
async function sendAliases(name: string, aliases: readonly AliasState[], theirs: ReadonlyMap<number, string>, present: ReadonlyMap<string, string>, client: MlflowClient): Promise<readonly string[]> {
  const moved: string[] = [];
  for (const { alias, version } of aliases) {
    const target = theirs.get(version);
    if (target === undefined || present.get(alias) === target) continue;
    await client.setAlias(name, alias, target);
    moved.push(`${alias} → ${version}`);
  }
  return moved;
}
