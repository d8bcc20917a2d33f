import { createRequire } from 'node:module';

/** The version of the package that compiles. */
export const PIPEWRIGHT_VERSION = (createRequire(import.meta.url)('../../package.json') as { version: string }).version;
