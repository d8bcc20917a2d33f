import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ACCESS_FIX, changesWithTheDay, fillInSymbol, kindOfSource, withoutAccess } from '../steps/ingest/contract.ts';
import { PipewrightError } from '../dsl/index.ts';
import { dataParams } from './params.ts';

type Values = Readonly<Record<string, unknown>>;

/** What the command line can tell about data before a run. */
export interface DataSurroundings {
  /** Whether the store has an object with this digest. */
  readonly holds: (digest: string) => Promise<boolean>;
  readonly today: () => Date;
}

const PINNED = 'pinned:';

/**
 * Fills in what decides which bars are read: the content of a file, the day for which an address or a service is asked, what a pin
 * names. Steps have folders of their own, so a path becomes an absolute one.
 */
export async function prepareSource(given: Values, surroundings: DataSurroundings): Promise<Values> {
  const source = String(given['source'] ?? dataParams.source.default);
  if (source.startsWith(PINNED)) return prepareSource({ ...given, source: undefined, ...(await readPin(source, surroundings)) }, surroundings);
  for (const name of ['source', 'baseUrl']) demandWithoutAccess(name, String(given[name] ?? ''));
  if (changesWithTheDay(source)) return { ...given, asOf: emptyAsAbsent(given['asOf']) ?? surroundings.today().toISOString().slice(0, 10) };
  // What names its scheme is read as it stands, or refused by ingest.
  if (kindOfSource(source) !== 'file' || /^[a-z][a-z0-9+.-]+:\/\//i.test(source)) return given;
  const path = resolve(source);
  const symbol = String(given['symbol'] ?? '');
  const hasPlace = path.includes('{symbol}');
  if (emptyAsAbsent(given['digest']) !== undefined || (hasPlace && symbol === '')) return { ...given, source: path };
  const digest = await digestOfFile(hasPlace ? fillInSymbol(path, symbol) : path);
  return { ...given, source: path, ...(digest === undefined ? {} : { digest }) };
}

/** PW307, which does not repeat it: a run that is refused before it starts has no record. */
function demandWithoutAccess(name: string, text: string): void {
  if (withoutAccess(text) === text) return;
  throw new PipewrightError({ code: 'PW307', message: `The address in the parameter "${name}" has a user, a password, a query or a fragment, and parameters are recorded.`, fix: ACCESS_FIX });
}

function emptyAsAbsent(value: unknown): unknown {
  return value === '' ? undefined : value;
}

/** Digest of the dataset that a text names: itself, or what a pin says. */
export async function resolveDataset(text: string): Promise<string> {
  return text.startsWith(PINNED) ? (await parsePin(text)).dataset : text;
}

/** What `pipewright data pin` writes. */
interface Pin {
  readonly dataset: string;
  readonly parent?: string;
  /** Digest of what the source gave. */
  readonly digest: string;
  /** Parameters of ingest that read it; a path is relative to the pin's folder. */
  readonly parameters: Values;
}

/** What is the same for a dataset that is there and for its source. */
const MEANING = ['symbol', 'timeZone', 'sessionClose', 'publicationDelayMinutes'];

/** The dataset from the store; where the store does not have it, its source, which must have the same content as it had. */
async function readPin(source: string, { holds }: DataSurroundings): Promise<Values> {
  const { dataset, parent, digest, parameters } = await parsePin(source);
  const pick = (names: readonly string[]): Values => Object.fromEntries(Object.entries(parameters).filter(([name]) => names.includes(name)));
  if (await holds(dataset)) return { ...pick(MEANING), source: `dataset:${dataset}` };
  if (parent !== undefined) {
    throw new PipewrightError({ code: 'PW402', message: `The pinned dataset ${dataset} is not in the store, and it was made of several fetches.`, fix: 'Name the store that has it with --store, or copy the object from there.' });
  }
  const path = String(parameters['source']);
  const place = kindOfSource(path) === 'file' ? resolve(dirname(pathOf(source)), path) : path;
  return { ...pick([...MEANING, 'from', 'asOf', 'adjusted', 'baseUrl']), source: place, digest };
}

async function parsePin(source: string): Promise<Pin> {
  const path = pathOf(source);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new PipewrightError({ code: 'PW307', message: `The pin ${path} cannot be read: ${(cause as Error).message}.`, fix: 'Write one with pipewright data pin, or correct the path.' }, { cause });
  }
  const pin = parseJson(text) as (Partial<Pin> & { readonly format?: unknown }) | undefined;
  if (pin?.format === 'pipewright/data-pin/1' && typeof pin.dataset === 'string' && typeof pin.digest === 'string' && typeof pin.parameters === 'object') return pin as Pin;
  throw new PipewrightError({ code: 'PW307', message: `${path} is not a pin of a dataset.`, fix: 'Write it anew with pipewright data pin.' });
}

function pathOf(source: string): string {
  return resolve(source.slice(PINNED.length));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Undefined for what cannot be read: ingest says why. */
async function digestOfFile(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch {
    return undefined;
  }
  return `sha256:${hash.digest('hex')}`;
}
