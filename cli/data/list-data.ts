import type { ListDataOptions } from '../data.ts';
import { nearbyPath } from '../errors.ts';
import { openStoreOf } from '../options.ts';
import { createPaint } from '../present/colour.ts';
import { alignRows } from '../present/text.ts';
import { formatNumber, formatTime } from '../words/numbers.ts';
import { shortDigest } from '../words/values.ts';
import { documentOf } from './show-data.ts';
import { findVersions } from './versions.ts';

/** The verb `data list`. */
export async function listData({ folder, symbol, limit, output, ...places }: ListDataOptions): Promise<void> {
  const all = await findVersions(folder, await openStoreOf({ folder, ...places }));
  const versions = all.filter(({ manifest }) => symbol === undefined || manifest.symbol === symbol).slice(0, limit);
  if (output === 'json') {
    process.stdout.write(`${JSON.stringify(versions.map(documentOf), undefined, 2)}\n`);
    return;
  }
  if (versions.length === 0) {
    process.stdout.write(symbol === undefined ? `No run in ${nearbyPath(folder)} has read data yet.\n` : `No run in ${nearbyPath(folder)} has read data of ${symbol}.\n`);
    return;
  }
  const rows = versions.map(({ manifest, run, runs, readAt }) => [
    shortDigest(manifest.dataset), manifest.symbol ?? '', formatNumber(manifest.rows), `${manifest.firstDay} … ${manifest.lastDay}`, manifest.source,
    manifest.parent === undefined ? '' : shortDigest(manifest.parent), formatTime(readAt), run, formatNumber(runs),
  ]);
  const [head, ...lines] = alignRows([['version', 'symbol', 'rows', 'days', 'source', 'parent', 'read', 'by run', 'runs'], ...rows], new Set([2, 8]));
  process.stdout.write(`${[createPaint(process.stdout)('dim', head!), ...lines].join('\n')}\n`);
}
