import { PipewrightError } from '../../dsl/errors/index.ts';
import { openRegistry, ROLLED_OUT, type LedgerEntry, type Registry } from '../../registry/index.ts';
import { EXIT, printIssues } from '../errors.ts';
import { openStoreOf, type PlaceOptions } from '../options.ts';
import { createPaint } from '../present/colour.ts';
import { alignRows, oneLine } from '../present/text.ts';
import { counted, formatBytes, formatTime } from '../words/numbers.ts';
import { shortDigest } from '../words/values.ts';

export async function openRegistryOf(options: PlaceOptions): Promise<Registry> {
  return openRegistry(await openStoreOf(options));
}

/** The verb `models list`. */
export async function listAllModels(options: PlaceOptions): Promise<void> {
  const registry = await openRegistryOf(options);
  const rows: string[][] = [];
  for (const name of await registry.listModels()) {
    const [versions, aliases] = [await registry.listVersions(name), await registry.aliases(name)];
    rows.push([name, `${counted(versions.length, 'version')}, newest ${versions.at(-1)!}`, aliases.map(({ alias, version }) => `${alias} → ${version}`).join(', ') || 'no alias yet']);
  }
  print(rows.length === 0 ? ['No model is registered yet: a pipeline that trains one does that.'] : table(['model', 'versions', 'aliases'], rows));
}

/** The verb `models versions`. */
export async function listModelVersions(name: string, options: PlaceOptions): Promise<void> {
  const registry = await openRegistryOf(options);
  const aliases = await registry.aliases(name);
  const rows: string[][] = [];
  for (const number of [...(await registry.listVersions(name))].reverse()) {
    const { version, registeredAt, artifact } = await registry.readVersion(name, number);
    rows.push([String(version), formatTime(registeredAt), shortDigest(artifact.digest), formatBytes(artifact.size), aliases.filter((state) => state.version === version).map((state) => state.alias).join(', ')]);
  }
  print(table(['version', 'registered', 'digest', 'size', 'aliases'], rows, new Set([0, 3])));
}

/** The verb `models aliases`. */
export async function listAliases(name: string, { at, ...options }: PlaceOptions & { readonly at?: string }): Promise<void> {
  const registry = await openRegistryOf(options);
  const states = await registry.aliases(name);
  if (at === undefined) {
    print(states.length === 0 ? [`No alias of ${name} points anywhere yet.`] : table(['alias', 'version', 'since', 'decision', 'reason'], states.map(({ alias, version, since, entry }) => [alias, String(version), formatTime(since), entry.decision, oneLine(entry.reason)]), new Set([1])));
    return;
  }
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) throw new PipewrightError({ code: 'PW901', message: `--at "${at}" is not a time.`, fix: 'Write it as 2026-01-31 or 2026-01-31T12:00:00Z.' });
  const rows = await Promise.all(states.map(async ({ alias }) => [alias, String((await registry.aliasAt(name, alias, time)) ?? 'nowhere')]));
  print(rows.length === 0 ? [`No alias of ${name} points anywhere yet.`] : table(['alias', `version at ${formatTime(time.toISOString())}`], rows));
}

/** The verb `models ledger`. */
export async function showLedger(name: string, options: PlaceOptions): Promise<number> {
  const registry = await openRegistryOf(options);
  const verification = await registry.verifyLedger(name);
  if (verification.issues.length > 0) {
    printIssues(verification.issues);
    return EXIT.failed;
  }
  const entries = await registry.ledger(name);
  if (entries.length === 0) print([`The ledger of ${name} is empty: nothing was decided yet.`]);
  else print([...tableOfEntries(entries), '', `The chain of ${counted(entries.length, 'entry', 'entries')} is sound; its head is ${shortDigest(verification.head!.digest)}.`]);
  return EXIT.good;
}

export function tableOfEntries(entries: readonly LedgerEntry[]): readonly string[] {
  return table(
    ['entry', 'time', 'alias', 'move', 'decision', 'run', 'reason'],
    entries.map((entry) => [String(entry.sequence), formatTime(entry.at), entry.alias, describeMove(entry), entry.decision, entry.run ?? 'by hand', oneLine(entry.reason)]),
    new Set([0]),
  );
}

function describeMove({ action, from, version, decision }: LedgerEntry): string {
  if (decision === ROLLED_OUT) return `answers at ${version}`;
  if (action === 'none') return `stays ${from === null ? 'nowhere' : `at ${from}`} (${version} judged)`;
  return `${from === null ? '' : `${from} `}→ ${version}`;
}

export function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): readonly string[] {
  const [first, ...lines] = alignRows([head, ...rows], right);
  return [createPaint(process.stdout)('dim', first!), ...lines];
}
