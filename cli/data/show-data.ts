import { statisticsOf } from '../../model/quality/index.ts';
import type { DataOptions } from '../data.ts';
import { openStoreOf } from '../options.ts';
import { createPaint } from '../present/colour.ts';
import { alignRows } from '../present/text.ts';
import { counted, formatNumber, formatTime } from '../words/numbers.ts';
import { shortDigest } from '../words/values.ts';
import { readStoredTable } from './read-table.ts';
import { chooseVersion, findVersions, type DataVersion } from './versions.ts';

/** The verb `data show`. */
export async function showData(wanted: string, { folder, output, ...places }: DataOptions): Promise<void> {
  const store = await openStoreOf({ folder, ...places });
  const versions = await findVersions(folder, store);
  const version = chooseVersion(versions, wanted);
  const { columns } = await readStoredTable(store, version.manifest.dataset);
  const described = Object.entries(columns).map(([name, column]) => ({ name, type: column.type, ...statisticsOf(column) }));
  const ancestors = ancestorsOf(version, versions);
  if (output === 'json') {
    process.stdout.write(`${JSON.stringify({ ...documentOf(version), columns: described, ancestors }, undefined, 2)}\n`);
    return;
  }
  const { manifest, run, task, pipeline, readAt, runs } = version;
  const facts: [string, string][] = [
    ['source', manifest.source],
    ['its digest', manifest.digest],
    ['rows', `${formatNumber(manifest.rows)}, ${manifest.firstDay} to ${manifest.lastDay}`],
    ...(manifest.symbol === undefined ? [] : [['symbol', manifest.symbol] as [string, string]]),
    ['closes at', `${manifest.sessionClose ?? ''} ${manifest.timeZone ?? ''}`],
    ['read by', `${run}/${task} of ${pipeline}, ${formatTime(readAt)}`],
    ['runs with it', formatNumber(runs)],
    ['continues', ancestors.length === 0 ? 'nothing' : ancestors.map(shortDigest).join(' ← ')],
  ];
  const paint = createPaint(process.stdout);
  const number = (value: number | null | undefined): string => (value === null || value === undefined ? '' : formatNumber(value));
  const [head, ...rows] = alignRows(
    [['column', 'type', 'values', 'missing', 'minimum', 'mean', 'maximum'], ...described.map(({ name, type, finite, missing, minimum, mean, maximum }) => [name, type, number(finite), number(missing), number(minimum), number(mean), number(maximum)])],
    new Set([2, 3, 4, 5, 6]),
  );
  process.stdout.write(`${paint('bold', manifest.dataset)}\n\n${alignRows(facts).join('\n')}\n\n${counted(described.length, 'column')}:\n${[paint('dim', head!), ...rows].join('\n')}\n`);
}

/** A version as another program reads it. */
export function documentOf({ manifest, run, task, pipeline, readAt, runs }: DataVersion): object {
  const { dataset, parent, symbol, source, digest, rows, firstDay, lastDay } = manifest;
  return { version: dataset, parent: parent ?? null, symbol: symbol ?? null, source, sourceDigest: digest, rows, firstDay, lastDay, run, task, pipeline, readAt, runs };
}

/** The nearest first; the chain ends where nothing is known of a parent. */
function ancestorsOf({ manifest }: DataVersion, versions: readonly DataVersion[]): string[] {
  const chain: string[] = [];
  for (let { parent } = manifest; parent !== undefined && !chain.includes(parent); ) {
    chain.push(parent);
    parent = versions.find((version) => version.manifest.dataset === chain.at(-1))?.manifest.parent;
  }
  return chain;
}
