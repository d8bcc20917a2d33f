import { BAR_COLUMNS } from '../bars.ts';
import { closest, deepFreeze, digestOfJson, listed, type Digest, type Json } from '../../dsl/util/index.ts';
import { FEATURES } from './catalogue.ts';
import type { FeatureDefinition } from './definition.ts';
import { checkSpan } from './kernels/span.ts';

/** One feature with its parameters, as plain JSON: `{ kind: 'rsi', parameters: { window: 14 } }`. */
export interface FeatureSpec {
  readonly kind: string;
  readonly parameters: Readonly<Record<string, number>>;
}

/** Features of another series that are joined to those of the bars, as of each decision. */
export interface JoinedFeatures {
  /** Begins the names of their columns: `extra_log_return_1`. */
  readonly name: string;
  readonly features: readonly FeatureSpec[];
  /** Calendar days from the event of a joined row to the decision; a row that is older is not used. */
  readonly maximumAgeDays: number;
}

/** The features of a model, in column order. Plain JSON: it travels with the model to the server. */
export interface FeatureSet {
  readonly features: readonly FeatureSpec[];
  readonly joined?: JoinedFeatures;
}

/** What is taken from a joined series: it may be an index without a volume, so of closes alone. 4 features, 4 columns. */
export const joinedFeatures: readonly FeatureSpec[] = deepFreeze([
  { kind: 'log-return', parameters: { days: 1 } },
  { kind: 'log-return', parameters: { days: 5 } },
  { kind: 'close-over-sma', parameters: { window: 20 } },
  { kind: 'volatility', parameters: { window: 20 } },
]);

/** The set that the shipped pipeline trains on: 16 features, 19 columns. */
export const defaultFeatureSet: FeatureSet = deepFreeze({
  features: [
    { kind: 'log-return', parameters: { days: 1 } },
    { kind: 'log-return', parameters: { days: 2 } },
    { kind: 'log-return', parameters: { days: 5 } },
    { kind: 'momentum', parameters: { days: 10 } },
    { kind: 'momentum', parameters: { days: 20 } },
    { kind: 'close-over-sma', parameters: { window: 5 } },
    { kind: 'close-over-sma', parameters: { window: 20 } },
    { kind: 'close-over-sma', parameters: { window: 50 } },
    { kind: 'close-over-ema', parameters: { window: 12 } },
    { kind: 'rsi', parameters: { window: 14 } },
    { kind: 'macd', parameters: { fast: 12, slow: 26, signal: 9 } },
    { kind: 'volatility', parameters: { window: 5 } },
    { kind: 'volatility', parameters: { window: 20 } },
    { kind: 'volume-ratio', parameters: { window: 20 } },
    { kind: 'day-of-week', parameters: {} },
    { kind: 'month', parameters: {} },
  ],
});

/** A feature of a set, looked up: its definition, checked parameters, columns and warm-up. */
export interface ResolvedFeature {
  readonly definition: FeatureDefinition;
  readonly parameters: Readonly<Record<string, number>>;
  readonly columns: readonly string[];
  readonly warmUp: number;
}

/**
 * Looks every feature of the bars themselves up, not those of a joined series. Throws RangeError for an empty set, an unknown kind, a missing, surplus or broken
 * parameter, and for two features that would give the same column.
 */
export function resolveFeatures(set: Pick<FeatureSet, 'features'>): readonly ResolvedFeature[] {
  if (set.features.length === 0) throw new RangeError('A feature set needs at least one feature.');
  const resolved = set.features.map(resolveFeature);
  const seen = new Set<string>();
  for (const column of resolved.flatMap((feature) => feature.columns)) {
    if (seen.has(column)) throw new RangeError(`The feature set gives the column ${column} twice.`);
    seen.add(column);
  }
  return resolved;
}

/** Names of the columns that a set gives, in order, those of a joined series last. Throws as {@link resolveFeatures}. */
export function featureColumns(set: FeatureSet): readonly string[] {
  const { joined } = set;
  const own = resolveFeatures(set).flatMap(({ columns }) => columns);
  return joined === undefined ? own : [...own, ...resolveFeatures(joined).flatMap(({ columns }) => columns.map((column) => `${joined.name}_${column}`))];
}

/**
 * Bars needed so that the last row is complete, of a joined series as well: the longest warm-up of the set, recursive features counted until their
 * seed has faded. A feature row computed from only these bars equals the one from the whole history within 1e-7 of
 * the column's standard deviation. Throws as {@link resolveFeatures}.
 */
export function requiredBars(set: FeatureSet): number {
  return Math.max(...[set, ...(set.joined ? [set.joined] : [])].flatMap((one) => resolveFeatures(one).map(({ warmUp }) => warmUp)));
}

/**
 * Version of the feature functions themselves. Raise it with any change that alters a value: models trained before
 * then no longer match the server, and it says so instead of serving wrong numbers. A test pins the values.
 */
export const FEATURE_CODE_VERSION = 1;

/**
 * Digest of everything that gives a feature column its meaning: code version, kinds, parameters, columns, warm-ups and
 * the schema of the bars. Stored with a model and compared when the model is loaded. Throws as {@link resolveFeatures}.
 */
export function featureSetHash(set: FeatureSet): Digest {
  return digestOfJson({
    codeVersion: FEATURE_CODE_VERSION,
    barColumns: ['date', ...BAR_COLUMNS],
    features: meaningOf(set),
    ...(set.joined ? { joined: { name: set.joined.name, maximumAgeDays: set.joined.maximumAgeDays, features: meaningOf(set.joined) } } : {}),
  });
}

function meaningOf(set: Pick<FeatureSet, 'features'>): Json {
  return resolveFeatures(set).map(({ definition, parameters, columns, warmUp }) => ({ kind: definition.kind, inputs: definition.inputs, parameters, columns, warmUp }));
}

function resolveFeature({ kind, parameters }: FeatureSpec): ResolvedFeature {
  const definition = FEATURES.find((feature) => feature.kind === kind);
  if (!definition) {
    const kinds = FEATURES.map((feature) => feature.kind);
    const meant = closest(kind, kinds);
    throw new RangeError(`There is no feature ${kind}; ${meant ? `did you mean ${meant}?` : `the features are ${listed(kinds)}.`}`);
  }
  const given = Object.keys(parameters).sort();
  const wanted = [...definition.parameters].sort();
  if (given.join() !== wanted.join()) {
    throw new RangeError(`The feature ${kind} takes the parameters ${listed(wanted)}; got ${listed(given)}.`);
  }
  for (const name of wanted) checkSpan(`${name} of the feature ${kind}`, parameters[name]!);
  return { definition, parameters, columns: definition.columns(parameters), warmUp: definition.warmUp(parameters) };
}
