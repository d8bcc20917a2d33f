import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkValue } from '../../dsl/contract/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { TaskRecord } from '../../dsl/local/index.ts';
import type { Digest } from '../../dsl/util/index.ts';
import { requiredBars } from '../../model/features/index.ts';
import { readDataset } from '../../steps/runtime/dataset.ts';
import type { Candidate } from '../../steps/train/candidate.ts';
import { candidatePort } from '../../steps/train/contract.ts';
import { readDefinition } from '../../steps/train/read-definition.ts';
import { getArtifact, type Store } from '../../store/index.ts';
import { nearbyPath } from '../errors.ts';
import type { RunDocument } from '../report/run-document.ts';
import { tableOf, type BacktestTable } from './table.ts';

/** The features that a run computed. */
export interface RunFeatures {
  readonly digest: Digest;
  readonly table: BacktestTable;
  /** Bars that the longest feature looks at. */
  readonly longestWindow: number;
}

/**
 * The table and the definition that the run's `featurize` wrote, from the store. PW903 when it wrote none, PW402 when the
 * store no longer has them, PW506 when another release computed them, PW502 when they are something else.
 */
export async function readFeatures({ run, tasks }: RunDocument, store: Store): Promise<RunFeatures> {
  const { table, definition } = tasks.find(({ step, status }) => step === 'featurize' && status === 'Succeeded')?.outputs ?? {};
  if (table === undefined || definition === undefined) {
    throw new PipewrightError({ code: 'PW903', message: `The run ${run.id} of ${run.pipeline} has no feature table: no step featurize succeeded in it.`, fix: 'Name a run of a pipeline with the step featurize; pipewright runs list shows the runs there are.' });
  }
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-backtest-'));
  try {
    const paths = { table: join(folder, 'table.arrow'), definition: join(folder, 'definition.json') };
    await getArtifact(store, table, paths.table);
    await getArtifact(store, definition, paths.definition);
    const { names, horizonDays, definition: set } = await readDefinition(paths.definition);
    return { digest: table.digest, table: tableOf(await readDataset(paths.table, COLUMNS), names, horizonDays), longestWindow: requiredBars(set) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const COLUMNS = { date: 'date', label: 'float64', forward_return: 'float64', next_return: 'float64', close: 'float64' } as const;

/** The candidates that the run trained, each once, in order. PW901 when it trained none. */
export function candidatesOfRun({ run, tasks }: RunDocument): readonly Candidate[] {
  const found = trainTasks(tasks).flatMap(({ parameters: { candidate } }) => (candidate === undefined ? [] : [candidate as Candidate]));
  const distinct = [...new Map(found.map((candidate) => [JSON.stringify(candidate), candidate])).values()];
  if (distinct.length > 0) return distinct;
  throw new PipewrightError({ code: 'PW901', message: `The run ${run.id} trained no candidates that could be fitted again.`, fix: `Give some: ${EXAMPLE}.` });
}

/** What the run was given where it matters here too. */
export function settingsOfRun({ tasks }: RunDocument): { readonly seed: number; readonly costBasisPoints: number } {
  const seed = trainTasks(tasks)[0]?.parameters['seed'];
  const cost = tasks.find(({ step }) => step === 'evaluate')?.parameters['costBasisPoints'];
  return { seed: typeof seed === 'number' ? seed : 1, costBasisPoints: typeof cost === 'number' ? cost : 2 };
}

const EXAMPLE = `--candidates '[{"architecture":"logistic","learningRate":0.001}]'`;

/** Reads `[…]` or `@file`. PW901 for what is no list in JSON, PW505 for a candidate whose settings are not valid. */
export async function readCandidates(word: string): Promise<readonly Candidate[]> {
  const refuse = (message: string, cause?: unknown): PipewrightError => new PipewrightError({ code: 'PW901', message, fix: `Write ${EXAMPLE}, or name a file behind "@".` }, { cause });
  const path = word.startsWith('@') ? word.slice(1) : undefined;
  const text = path === undefined ? word : await readFile(path, 'utf8').catch((cause: Error) => {
    throw refuse(`The file of the candidates, ${nearbyPath(path)}, cannot be read: ${cause.message}.`, cause);
  });
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (cause) {
    throw refuse(`The candidates${path === undefined ? '' : ` in ${nearbyPath(path)}`} are not JSON: ${(cause as Error).message}.`, cause);
  }
  if (!Array.isArray(list) || list.length === 0) throw refuse('The candidates are no list with at least one of them.');
  const wrong = checkValue({ kind: 'list', items: candidatePort.type }, list);
  if (wrong === undefined) return list as Candidate[];
  throw new PipewrightError({ code: 'PW505', message: `The list of candidates ${wrong}.`, fix: 'Correct it; docs/guides/training.md says what a candidate can be.' });
}

function trainTasks(tasks: readonly TaskRecord[]): readonly TaskRecord[] {
  return tasks.filter(({ step }) => step === 'train');
}
