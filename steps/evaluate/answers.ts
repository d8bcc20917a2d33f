import { readFile } from 'node:fs/promises';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { verifyGolden } from '../../model/document/index.ts';
import { featureColumns, featureSetHash, type FeatureSet } from '../../model/features/index.ts';
import type { OutsideCheck } from '../../model/gate/index.ts';
import type { Table } from './judged-days.ts';
import type { ReadModel } from './read-model.ts';

/*
 * Answers to the gate's questions that the gate cannot give itself. Whether the artefact works is asked twice: here by the
 * predictor and the feature functions that a server uses, in this process; and by deploy of a real server, before the
 * model is registered.
 */

/** Of the document that validate writes, what is needed here; docs/guides/validation.md describes all of it. */
interface Validation {
  readonly format: string;
  readonly fit: boolean;
  readonly stops: readonly string[];
  readonly rows: { readonly clean: number; readonly quarantined: number };
  readonly lastDay: string | null;
  /** Of the bars that passed. */
  readonly cleanDigest: string;
  readonly warnings: number;
}

/** Of what featurize writes beside its table, what is needed here. */
interface Definition {
  readonly format: string;
  /** Digest of the bars that the features were made of. */
  readonly prices: string;
}

/**
 * Whether the data passed validation, and is the data that the features were made of: by the digest of the bars where
 * `definition` says it, else by the last day alone. PW502 for other kinds of files.
 */
export async function answerOfData(path: string, table: Table, definition: string | undefined): Promise<OutsideCheck> {
  const found = parse<Validation>(await readFile(path, 'utf8'));
  if (found?.format !== 'pipewright/validation/1') {
    throw new PipewrightError({ code: 'PW502', message: `${path} is no validation report.`, fix: 'Give the output "findings" of validate.' });
  }
  const check = (passed: OutsideCheck['passed'], detail: string): OutsideCheck => ({ name: 'data validation', passed, detail, answers: 'data' });
  const last = table.dates.at(-1);
  if (found.lastDay !== last) return check('unknown', `the validation is of data up to ${found.lastDay ?? 'no day'}, the features go up to ${last}`);
  const prices = definition === undefined ? undefined : await digestOfPrices(definition);
  if (prices !== undefined && prices !== found.cleanDigest) return check('unknown', `the validation is of other bars (${brief(found.cleanDigest)}) than the features were made of (${brief(prices)})`);
  if (!found.fit) return check(false, `the data is not fit for use: ${found.stops.join('; ')}`);
  return check(true, `${found.rows.clean} rows up to ${last} passed, ${found.rows.quarantined} were set aside, warnings: ${found.warnings}`);
}

async function digestOfPrices(path: string): Promise<string> {
  const found = parse<Definition>(await readFile(path, 'utf8'));
  if (found?.format === 'pipewright/feature-definition/1') return found.prices;
  throw new PipewrightError({ code: 'PW502', message: `${path} is no definition of features.`, fix: 'Give the output "definition" of featurize.' });
}

function brief(digest: string): string {
  return `${digest.slice(0, 19)}…`;
}

/** Whether the model answers as training did, from the features that this release computes. */
export function answersOfArtefact({ document, predictor }: ReadModel): readonly OutsideCheck[] {
  const golden = verifyGolden(predictor, document);
  const { definition, names, hash } = document.featureSet;
  const reason = whyOtherFeatures(definition as unknown as FeatureSet, names, hash);
  return [
    {
      name: 'golden predictions',
      passed: golden.agrees,
      detail: `the served predictor is within ${golden.largestDifference.toExponential(1)} of what training answered on ${golden.compared} rows`,
      answers: 'artefact',
    },
    {
      name: 'features of the server',
      passed: reason === undefined,
      detail: reason ?? `the ${names.length} feature columns are those that this release computes (${brief(hash)})`,
      answers: 'artefact',
    },
  ];
}

function whyOtherFeatures(definition: FeatureSet, names: readonly string[], hash: string): string | undefined {
  try {
    if (featureColumns(definition).join() !== names.join()) return 'the model names other columns than its feature set gives';
    return featureSetHash(definition) === hash ? undefined : 'the feature functions of this release are not those that it was trained with';
  } catch (error) {
    return `its feature set cannot be computed: ${(error as Error).message}`;
  }
}

/** What a server of it may need. A request for one row has 100 ms; the model itself gets a twentieth. */
export const LIMITS = { rowMilliseconds: 5, bytes: 16 * 1024 * 1024 } as const;

const TIMED_ROWS = 2_000;

/**
 * Whether it keeps the limits of latency and size. The time that was measured is logged, not written down: the verdict is
 * the same for the same input on every machine that keeps the limit.
 */
export function answerOfLimits({ document, predictor, files }: ReadModel, log: (message: string) => void): OutsideCheck {
  const bytes = Object.values(files).reduce((sum, file) => sum + file.length, 0);
  const { row } = document.golden[0]!;
  predictor.predictRow(row);
  const began = performance.now();
  for (let at = 0; at < TIMED_ROWS; at++) predictor.predictRow(row);
  const milliseconds = (performance.now() - began) / TIMED_ROWS;
  log(`The model answers a row in ${(1000 * milliseconds).toFixed(1)} µs and has ${bytes} bytes.`);
  const isFast = milliseconds <= LIMITS.rowMilliseconds;
  return {
    name: 'latency and size',
    passed: isFast && bytes <= LIMITS.bytes,
    detail: `a row is answered in ${isFast ? 'less' : 'more'} than ${LIMITS.rowMilliseconds} ms, and the files have ${bytes} of at most ${LIMITS.bytes} bytes`,
    answers: 'limits',
  };
}

function parse<Document>(text: string): Document | undefined {
  try {
    return JSON.parse(text) as Document;
  } catch {
    return undefined;
  }
}
