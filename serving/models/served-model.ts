import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Digest } from '../../dsl/util/index.ts';
import { compileModel, decodeModel, verifyGolden, type Model, type ModelDocument } from '../../model/document/index.ts';
import { featureColumns, FEATURES, featureSetHash, requiredBars, type FeatureSet } from '../../model/features/index.ts';
import type { Predictor } from '../../model/predictor/index.ts';

/** Which model this is, for replies and metrics. */
export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
  /** What it is there for: the alias that it follows, `version` where it follows none, or `folder`. */
  readonly role: string;
  /** Of the model's files. */
  readonly digest: Digest;
}

/** A model that was read, verified and compiled: it can answer at once. Immutable; a swap replaces it as a whole. */
export interface ServedModel extends ModelIdentity {
  /** Columns of a feature row, in order. */
  readonly featureNames: readonly string[];
  /** Column number by name. */
  readonly featureIndex: ReadonlyMap<string, number>;
  readonly featureSet: FeatureSet;
  readonly featureSetHash: Digest;
  /** Bars that a window must have. */
  readonly requiredBars: number;
  /** Features that are computed from the date of a bar; without any, a window needs no dates. */
  readonly datedFeatures: readonly string[];
  readonly predictor: Predictor;
  /** The answer is "up" from this probability on. */
  readonly decisionThreshold: number;
  readonly horizonDays: number;
}

/**
 * Makes a stored model ready to answer, and proves it first: the files are those that were stored together, the
 * server's own feature functions are those it was trained with (hash of the feature set), and the compiled predictor
 * gives the golden probabilities that the training's own arithmetic gave.
 *
 * PW506 when the features differ, PW507 when the files or the answers are wrong.
 */
export function prepareModel(files: Readonly<Record<string, Uint8Array>>, identity: ModelIdentity): ServedModel {
  const model = readModel(files, identity);
  const { document } = model;
  const featureSet = requireFeatures(document, identity);
  const predictor = compileModel(model);
  requireGolden(predictor, document, identity);
  return {
    ...identity,
    featureNames: document.featureSet.names,
    featureIndex: new Map(document.featureSet.names.map((name, at) => [name, at])),
    featureSet,
    featureSetHash: document.featureSet.hash,
    requiredBars: requiredBars(featureSet),
    datedFeatures: featureSet.features.map(({ kind }) => kind).filter(readsDate),
    predictor,
    decisionThreshold: document.decisionThreshold,
    horizonDays: document.horizonDays,
  };
}

export function describeModel({ name, version }: Pick<ModelIdentity, 'name' | 'version'>): string {
  return `model "${name}" version ${version}`;
}

function readModel(files: Readonly<Record<string, Uint8Array>>, identity: ModelIdentity): Model {
  try {
    return decodeModel(files);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new PipewrightError(
      {
        code: 'PW507',
        message: `The files of ${describeModel(identity)} cannot be served. ${error.message}`,
        fix: 'Train and register the model again; do not change the files of a model by hand.',
      },
      { cause: error },
    );
  }
}

/** The feature set of a document, if this server computes the same numbers from it as the training did. */
function requireFeatures({ featureSet: stored }: ModelDocument, identity: ModelIdentity): FeatureSet {
  const refuse = (reason: string, cause?: unknown): never => {
    throw new PipewrightError(
      {
        code: 'PW506',
        message: `The features of ${describeModel(identity)} are not those that this server computes: ${reason}`,
        fix: 'Serve it with the release of Pipewright that trained it, or train it again with this one.',
      },
      { cause },
    );
  };
  const { definition } = stored;
  if (!isFeatureSet(definition)) return refuse('its document has no list of features.');
  let columns: readonly string[] = [];
  let hash: Digest | undefined;
  try {
    columns = featureColumns(definition);
    hash = featureSetHash(definition);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    refuse(error.message, error);
  }
  if (hash !== stored.hash) refuse(`their hash is ${stored.hash} in the model and ${hash} here.`);
  if (columns.join() !== stored.names.join()) refuse(`the model names ${stored.names.join(', ')}; here they are ${columns.join(', ')}.`);
  return definition;
}

function requireGolden(predictor: Predictor, document: ModelDocument, identity: ModelIdentity): void {
  const { agrees, compared, worst } = verifyGolden(predictor, document);
  if (agrees) return;
  throw new PipewrightError({
    code: 'PW507',
    message: `The golden predictions of ${describeModel(identity)} do not come out: of ${compared}, number ${worst.at + 1} should be ${worst.expected} and is ${worst.got}.`,
    fix: 'Do not serve it. Train it again; if that does not help, the predictor of this release differs from the training: report it.',
  });
}

/** Whether a value from outside has the form of a feature set; what its features mean is not looked at. */
export function isFeatureSet(value: unknown): value is FeatureSet {
  const { features, joined } = (value ?? {}) as { readonly features?: unknown; readonly joined?: unknown };
  return isFeatureList(features) && (joined === undefined || isJoined(joined));
}

function isJoined(value: unknown): boolean {
  const { name, features, maximumAgeDays } = (value ?? {}) as { readonly name?: unknown; readonly features?: unknown; readonly maximumAgeDays?: unknown };
  return typeof name === 'string' && typeof maximumAgeDays === 'number' && isFeatureList(features);
}

function isFeatureList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isFeatureSpec);
}

function isFeatureSpec(value: unknown): boolean {
  const { kind, parameters } = (value ?? {}) as { readonly kind?: unknown; readonly parameters?: unknown };
  return typeof kind === 'string' && typeof parameters === 'object' && parameters !== null && Object.values(parameters).every((number) => typeof number === 'number');
}

function readsDate(kind: string): boolean {
  return FEATURES.some((feature) => feature.kind === kind && feature.inputs.includes('date'));
}
