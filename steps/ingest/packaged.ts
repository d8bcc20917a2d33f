import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Digest } from '../../dsl/util/index.ts';

/**
 * The S&P 500 index, 5,105 daily bars from 2000-01-03 to 2020-04-17, as vega-datasets 3.2.1 ships it (source: Yahoo
 * Finance). The digest stands in the code on purpose: the cache knows a step by its code, so another version of the
 * file cannot be taken for this one.
 */
export const PACKAGED = {
  file: 'sp500-2000.csv',
  package: 'vega-datasets',
  version: '3.2.1',
  digest: 'sha256:9409e9342d0657c747324e4cfabce8a8c7f663bc485b95a3378f36b0a160f8c8' as Digest,
} as const;

/**
 * Where the packaged file lies: beside the program, where a bundle and so an image has it (assets.json), or in the installed
 * package, when the step runs from its sources. PW502 if in neither.
 */
export function locatePackaged(): string {
  const beside = fileURLToPath(new URL(`./${PACKAGED.file}`, import.meta.url));
  const found = [beside, inPackage()].find((path) => path !== undefined && existsSync(path));
  if (found !== undefined) return found;
  throw new PipewrightError({
    code: 'PW502',
    message: `The packaged data is not there: ${PACKAGED.file} is neither beside the program nor in an installed ${PACKAGED.package}.`,
    fix: 'Install it with "npm ci", or give another source: the path or address of a CSV or Parquet file.',
  });
}

function inPackage(): string | undefined {
  try {
    // The package exports its entry alone, so the data is found from there.
    return join(dirname(createRequire(import.meta.url).resolve(PACKAGED.package)), '..', 'data', PACKAGED.file);
  } catch {
    return undefined;
  }
}
