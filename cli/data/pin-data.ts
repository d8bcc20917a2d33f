import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { Json } from '../../dsl/util/index.ts';
import { ingest, kindOfSource, withoutAccess } from '../../steps/ingest/contract.ts';
import type { PinOptions } from '../data.ts';
import { nearbyPath } from '../errors.ts';
import { openStoreOf } from '../options.ts';
import { writeOut } from '../start/write-out.ts';
import { formatNumber } from '../words/numbers.ts';
import { chooseVersion, findVersions, type DataVersion } from './versions.ts';

/** What decides which bars a source gives and what they mean; how it is asked does not. */
const DECIDES = ['source', 'symbol', 'from', 'asOf', 'adjusted', 'baseUrl', 'timeZone', 'sessionClose', 'publicationDelayMinutes'] as const;

/** The verb `data pin`. */
export async function pinData(wanted: string, { folder, out, ...places }: PinOptions): Promise<void> {
  const version = chooseVersion(await findVersions(folder, await openStoreOf({ folder, ...places })), wanted);
  const { dataset, parent, digest, source, rows, firstDay, lastDay } = version.manifest;
  const pin = { format: 'pipewright/data-pin/1', dataset, ...(parent === undefined ? {} : { parent }), digest, source, rows, firstDay, lastDay, parameters: parametersOf(version, out) };
  await writeOut(out, `${JSON.stringify(pin, undefined, 2)}\n`);
  process.stdout.write(`It names ${formatNumber(rows)} rows from ${firstDay} to ${lastDay}. Put it into Git, and read it with --param source=pinned:${nearbyPath(out)}\n`);
}

/** Those that are not as they are by default, and the meaning of times as the manifest says it. A path is written as seen from the pin. */
function parametersOf({ parameters, manifest }: DataVersion, out: string): Record<string, Json> {
  const given = Object.fromEntries(DECIDES.flatMap((name) => {
    const value = parameters[name];
    return value === undefined || value === ingest.contract.parameters[name]?.default ? [] : [[name, typeof value === 'string' ? withoutAccess(value) : value] as const];
  }));
  const { symbol, timeZone, sessionClose, publicationDelayMinutes } = manifest;
  const meaning = Object.entries({ symbol, timeZone, sessionClose, publicationDelayMinutes }).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  // A run of an earlier release may have recorded what opens an address.
  const place = withoutAccess(String(parameters['source']));
  return { ...given, ...Object.fromEntries(meaning), source: kindOfSource(place) === 'file' && isAbsolute(place) ? relative(dirname(resolve(out)), place) : place };
}
