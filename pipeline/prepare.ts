import { isDeepStrictEqual } from 'node:util';
import { PipewrightError } from '../dsl/index.ts';
import { kindOfSource } from '../steps/ingest/contract.ts';
import { candidatesOf, type Search } from '../steps/train/contract.ts';
import { params } from './params.ts';
import { prepareSource, resolveDataset, type DataSurroundings } from './prepare-source.ts';

type Values = Readonly<Record<string, unknown>>;

/** What the command line can tell before a run. */
export interface Surroundings extends DataSurroundings {
  /** Digest of the model that an alias of the registry points to; undefined when it points nowhere. */
  readonly modelBehind: (name: string, alias: string) => Promise<string | undefined>;
  /** Number of the last entry by which the alias was moved by hand, or back; 0 for none. */
  readonly lastIntervention: (name: string, alias: string) => Promise<number>;
  /** Judgements of models of this name so far, by the ledger and by tracked runs, as evaluate reads them. */
  readonly earlierJudgements: (name: string) => Promise<string>;
  /** The last run of this pipeline, if it succeeded. */
  readonly lastRun: () => Promise<LastRun | undefined>;
  /** Digest of the dataset that this pipeline read last; undefined when there is none. */
  readonly lastDataset: (isWanted: (parameters: Values) => boolean) => Promise<string | undefined>;
}

export interface LastRun {
  readonly parameters: Values;
  /** Results by task. */
  readonly results: Readonly<Record<string, Values>>;
  /** Whether every step that it ran has the same code now. */
  readonly hasSameCode: boolean;
}

/** What `deploy` moves. */
const PRODUCTION = 'production';

/**
 * Fills in the parameters that depend on the world, so that no step reads it behind the cache's back
 * (docs/decisions/0006, 0010 and 0013): the model in production, what was judged before, the last move by hand, the earlier dataset, and
 * what decides the data (prepare-source.ts). What was given stays as it is, but for the names that stand for something.
 */
export async function prepare(asked: Values, surroundings: Surroundings): Promise<Values> {
  const given = { ...asked, ...searchCandidates(asked) };
  const pinned = { ...(await prepareSource(given, surroundings)), ...(await findDatasets(given, surroundings)) };
  const champion = await findChampion(pinned, surroundings);
  return { ...pinned, champion, earlier: await findEarlier({ ...pinned, champion }, surroundings), since: await findIntervention(pinned, surroundings) };
}

/** The candidates of a search, so that the run's record has the list that was tried. PW307 when both are given or the search makes no sense. */
function searchCandidates({ search, candidates }: Values): Values {
  if (search === undefined || search === null) return {};
  try {
    const found = candidatesOf(search as Search);
    if (candidates === undefined || isDeepStrictEqual(candidates, found)) return { candidates: found };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new PipewrightError({ code: 'PW307', message: `The parameter "search" finds no candidates. ${error.message}`, fix: 'Correct the space, the budget or the seed (docs/guides/training.md).' }, { cause: error });
  }
  throw new PipewrightError({ code: 'PW307', message: 'Both "search" and "candidates" say what is trained.', fix: 'Give one of the two.' });
}

/** The datasets to compare with, by their digests. */
async function findDatasets(given: Values, { lastDataset }: Surroundings): Promise<Values> {
  const { previous, reference } = given;
  return {
    ...(previous === undefined ? {} : { previous: previous === 'latest' ? ((await lastDataset((parameters) => isSameMarket(given, parameters))) ?? '') : await resolveDataset(String(previous)) }),
    ...(reference === undefined ? {} : { reference: await resolveDataset(String(reference)) }),
  };
}

/** Whether an earlier run read the same market: the file of another day may have another name, a service or a made-up market may not. */
function isSameMarket(given: Values, earlier: Values): boolean {
  const [now, before] = [given, earlier].map(({ source = params.source.default, symbol = '' }) => ({ source: String(source), kind: kindOfSource(String(source)), symbol }));
  return now!.symbol === before!.symbol && now!.kind === before!.kind && (['file', 'address'].includes(now!.kind) || now!.source === before!.source);
}

async function findIntervention(given: Values, { lastIntervention }: Surroundings): Promise<string> {
  const since = String(given['since'] ?? params.since.default);
  return since === params.since.default ? String(await lastIntervention(nameOf(given), PRODUCTION)) : since;
}

function nameOf(given: Values): string {
  return String(given['name'] ?? params.name.default);
}

/**
 * The model to compare with. With one exception: if it was put there by the last run, and this run asks the same, then
 * this run is that one again and gets the same answer from the cache. Compared with itself the model could only be kept.
 */
async function findChampion(given: Values, { modelBehind, lastRun }: Surroundings): Promise<string> {
  const alias = String(given['champion'] ?? params.champion.default);
  if (alias === '' || alias.startsWith('sha256:')) return alias;
  const present = await modelBehind(nameOf(given), alias);
  if (present === undefined) return '';
  if (alias !== PRODUCTION) return present;
  const last = await lastRun();
  if (last === undefined || last.results['deploy']?.['digest'] !== present || !last.hasSameCode) return present;
  return isDeepStrictEqual(withDefaults(given), askedIn(last)) ? String(last.parameters['champion']) : present;
}

/**
 * What was judged before. A run that is the last one again counts what that one counted: it is no further judgement
 * (docs/decisions/0013).
 */
async function findEarlier(given: Values, { lastRun, earlierJudgements }: Surroundings): Promise<string> {
  const earlier = String(given['earlier'] ?? params.earlier.default);
  if (earlier !== params.earlier.default) return earlier;
  const last = await lastRun();
  const isSame = last?.hasSameCode && last.parameters['champion'] === given['champion'] && isDeepStrictEqual(withDefaults(given), askedIn(last));
  return isSame ? String(last.parameters['earlier']) : earlierJudgements(nameOf(given));
}

/** Filled in, they differ although the same is asked. */
const FILLED_IN = ['champion', 'earlier', 'since'];

function withDefaults(given: Values): Values {
  return Object.fromEntries(Object.entries(params).filter(([name]) => !FILLED_IN.includes(name)).map(([name, port]) => [name, given[name] ?? port.default] as const));
}

function askedIn({ parameters }: LastRun): Values {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !FILLED_IN.includes(name)));
}
