import type { Bars } from '../../model/bars.ts';
import { encodeModel } from '../../model/document/index.ts';
import { defaultFeatureSet, featureColumns, featureSetHash } from '../../model/features/index.ts';
import { defaultGateSettings, neededDays, type GateDecision, type OutsideCheck } from '../../model/gate/index.ts';
import { predictedClasses } from '../../model/metrics/index.ts';
import { applyRules, defaultRules, tableOf } from '../../model/quality/index.ts';
import { BACKENDS, loadBackend, type Backend, type TrainingSettings } from '../../model/training/index.ts';
import { answerOfLimits, answersOfArtefact } from '../../steps/evaluate/answers.ts';
import { chooseCandidate } from '../../steps/evaluate/choose.ts';
import { countTries } from '../../steps/evaluate/count-tries.ts';
import { judge } from '../../steps/evaluate/judge.ts';
import { judgedRows, readTable, refuseSplitLeaks } from '../../steps/evaluate/judged-days.ts';
import { decodeFiles, trainedUntil, type ReadModel } from '../../steps/evaluate/read-model.ts';
import { slicesOf } from '../../steps/evaluate/slices.ts';
import { decidePromotion } from '../../steps/evaluate/verdict.ts';
import { buildTable } from '../../steps/featurize/build-table.ts';
import type { Dataset } from '../../steps/runtime/dataset.ts';
import { settingsOf, type Candidate } from '../../steps/train/candidate.ts';
import { documentModel } from '../../steps/train/document-model.ts';
import { knownRows, takeSeenRows } from '../../steps/train/seen-rows.ts';
import { trainCandidate } from '../../steps/train/train-candidate.ts';

export type Columns = Readonly<Record<string, readonly string[] | Float64Array>>;

export interface WalkOptions {
  readonly candidates: readonly Candidate[];
  readonly seed: number;
  /** Days that labels look ahead. Default 1. */
  readonly horizonDays?: number;
  /** Of the rows. Default 0.6 and 0.2. */
  readonly trainShare?: number;
  readonly validationShare?: number;
  /** What somebody does to the feature table behind the back of the steps. */
  readonly tamper?: (columns: Columns, names: readonly string[]) => { readonly columns: Columns; readonly names: readonly string[] };
}

/** What came of one market. Plain JSON. */
export interface Walked {
  readonly days: number;
  readonly right: number;
  /** By the policy that asks a first model to beat the base rate, and by the one that does not. */
  readonly decision: GateDecision['decision'];
  readonly lenient: GateDecision['decision'];
  /** Whether the gate says that the log-loss is better than the base rate's. */
  readonly claimsBetter: boolean;
  readonly reason: string;
}

const DECISION = { decisionMinutes: 0, maximumAgeDays: 7 } as const;

/**
 * The whole path of the shipped pipeline on one market, by the very functions that its steps call and without their
 * files: quality rules, features and labels, split, training, choice, baselines, slices, gate. Throws what they throw.
 */
export async function walk(bars: Bars, { candidates, seed, horizonDays = 1, trainShare = 0.6, validationShare = 0.2, tamper }: WalkOptions): Promise<Walked> {
  const built = buildTable({ bars, symbol: '', times: undefined }, undefined, defaultFeatureSet, { horizonDays, trainShare, validationShare, ...DECISION });
  const own = { columns: built.columns, names: featureColumns(defaultFeatureSet) };
  const { columns, names } = tamper === undefined ? own : tamper(own.columns, own.names);
  const dataset = datasetOf(columns);
  const table = readTable(dataset);
  refuseSplitLeaks(table, horizonDays);
  const models: ReadModel[] = [];
  for (const candidate of candidates) models.push(await trainOn(dataset, names, settingsOf(candidate, seed), horizonDays));

  const choice = chooseCandidate(models, table);
  const { model } = choice.trials[choice.chosen]!;
  const rows = judgedRows(table, [trainedUntil(model.document)]);
  // A gate that has too few days promotes nothing, and a canary that counted that would sing for nothing.
  const needed = neededDays(horizonDays, defaultGateSettings);
  if (rows.to - rows.from < needed) throw new RangeError(`The market leaves ${rows.to - rows.from} days to judge; the gate needs ${needed}.`);
  const judgement = judge(model, undefined, table, { rows, horizonDays, costBasisPoints: 2, seed });
  const answers = [answerOfData(bars), ...answersOfArtefact(model), answerOfLimits(model, () => {})];
  const evidence = { slices: slicesOf(table, judgement), trials: countTries('', table, choice, judgement), answers, seed };
  const [strict, lenient] = (['superior', 'non-inferior'] as const).map((firstModel) => decidePromotion(model, undefined, table, judgement, { ...evidence, firstModel })) as [GateDecision, GateDecision];
  const said = predictedClasses(judgement.forecasts[0]!.probabilities);
  return {
    days: said.length,
    right: said.reduce((sum, direction, day) => sum + (direction === judgement.labels[day] ? 1 : 0), 0),
    decision: strict.decision,
    lenient: lenient.decision,
    claimsBetter: strict.checks.some(({ demanded, passed }) => demanded === true && passed === true),
    reason: strict.reason,
  };
}

/** Trains a candidate by what the step train calls, and reads the model as evaluate does. */
export async function trainOn(dataset: Dataset, names: readonly string[], settings: TrainingSettings, horizonDays = 1): Promise<ReadModel> {
  const rows = takeSeenRows(dataset, names, horizonDays, settings.target);
  const trained = await trainCandidate(knownRows(rows), { backend: startBackend, settings });
  const features = { definition: defaultFeatureSet, names, hash: featureSetHash(defaultFeatureSet), horizonDays };
  return decodeFiles(encodeModel(documentModel(trained, rows, { name: 'canary', settings, features, figures: {} }), trained.estimator).files);
}

let backend: Promise<Backend> | undefined;

/** One for all markets: it takes longer to start than to train. */
function startBackend(): Promise<Backend> {
  return (backend ??= loadBackend(BACKENDS));
}

function answerOfData(bars: Bars): OutsideCheck {
  const { stops } = applyRules(tableOf(bars), defaultRules());
  return { name: 'data validation', passed: stops.length === 0, detail: stops.length === 0 ? 'the bars passed the built-in rules' : stops.join('; '), answers: 'data' };
}

/** A table in memory as the steps read one from a file. */
export function datasetOf(columns: Columns): Dataset {
  return {
    rows: columns['date']!.length,
    names: Object.keys(columns),
    texts: (name) => columns[name] as readonly string[],
    numbers: (name) => Float64Array.from(columns[name] as Float64Array),
  };
}
