import { describe, expect, test } from 'vitest';
import { digestOfJson } from '../../../dsl/util/index.ts';
import {
  computeFeatures,
  defaultFeatureSet,
  FEATURE_CODE_VERSION,
  featureColumns,
  FEATURES,
  featureSetHash,
  requiredBars,
  type FeatureSet,
} from '../../../model/features/index.ts';
import { barsOfCloses } from '../sample-bars.ts';

const rsi = (window: number): FeatureSet => ({ features: [{ kind: 'rsi', parameters: { window } }] });

describe('the catalogue', () => {
  test('gives every kind one definition, and the default set uses every kind', () => {
    const kinds = FEATURES.map((feature) => feature.kind);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect([...new Set(defaultFeatureSet.features.map((feature) => feature.kind))].sort()).toEqual([...kinds].sort());
  });

  test('reads no column that it does not declare', () => {
    const bars = barsOfCloses(Float64Array.from({ length: 500 }, (_, row) => 100 + Math.sin(row)));
    for (const { kind, parameters } of defaultFeatureSet.features) {
      const definition = FEATURES.find((feature) => feature.kind === kind)!;
      const watched = new Proxy(bars, {
        get: (target, column) => {
          if (!definition.inputs.includes(column as 'close')) throw new Error(`${kind} reads ${String(column)}`);
          return target[column as 'close'];
        },
      });
      const columns = definition.compute(watched, parameters);
      expect(columns.length).toBe(definition.columns(parameters).length);
    }
  });
});

describe('a feature set', () => {
  test('has a digest that changes with a parameter, the order and the features, and with nothing else', () => {
    const hash = featureSetHash(defaultFeatureSet);
    expect(featureSetHash(JSON.parse(JSON.stringify(defaultFeatureSet)))).toBe(hash);
    expect(featureSetHash({ features: [...defaultFeatureSet.features].reverse() })).not.toBe(hash);
    expect(featureSetHash({ features: defaultFeatureSet.features.slice(1) })).not.toBe(hash);
    expect(featureSetHash(rsi(14))).not.toBe(featureSetHash(rsi(15)));
  });

  test('needs the bars of its slowest feature', () => {
    // ln(1e-9) / ln(13/14) = 279.6: 14 changes for the seed, 280 rows for it to fade, one bar more than changes.
    expect(requiredBars(rsi(14))).toBe(14 + 1 + 280);
    expect(requiredBars({ features: [...rsi(14).features, { kind: 'volatility', parameters: { window: 20 } }] })).toBe(295);
    expect(requiredBars({ features: [{ kind: 'volatility', parameters: { window: 20 } }] })).toBe(21);
  });

  test('is frozen to the bottom', () => {
    expect(Object.isFrozen(defaultFeatureSet.features[0]!.parameters)).toBe(true);
  });

  // If this fails because a feature now gives other values, raise FEATURE_CODE_VERSION and put the new digest here:
  // a model trained on the old values must not be served with the new ones.
  test('gives the pinned values for this version of the feature code', () => {
    const rows = requiredBars(defaultFeatureSet) + 10;
    const closes = Array.from({ length: rows }, (_, row) => 100 + 10 * Math.sin(row / 9) + (row % 7));
    const volumes = Array.from({ length: rows }, (_, row) => 1_000 + (row % 11) * 50);
    const { matrix } = computeFeatures(barsOfCloses(closes, volumes), defaultFeatureSet);
    const last = [...matrix.values.slice(-2 * matrix.names.length)].map((value) => value.toPrecision(9));
    expect([FEATURE_CODE_VERSION, digestOfJson(last)]).toMatchInlineSnapshot(`
      [
        1,
        "sha256:0e26decc35193d7e60e03208e9aa9db40801f2dd009fda1193cb46b5d7f0cf44",
      ]
    `);
  });
});

describe('a broken set is refused', () => {
  test.each<[string, FeatureSet, string]>([
    ['empty', { features: [] }, 'A feature set needs at least one feature.'],
    ['misspelled', { features: [{ kind: 'volatilty', parameters: {} }] }, 'There is no feature volatilty; did you mean volatility?'],
    ['unheard of', { features: [{ kind: 'astrology', parameters: {} }] }, 'There is no feature astrology; the features are log-return,'],
    ['missing parameter', { features: [{ kind: 'rsi', parameters: {} }] }, 'The feature rsi takes the parameters window; got none.'],
    ['surplus parameter', { features: [{ kind: 'month', parameters: { window: 3 } }] }, 'The feature month takes the parameters none; got window.'],
    ['broken parameter', rsi(0), 'The window of the feature rsi is 0; it must be a whole number of 1 or more.'],
    ['twice the same', { features: [...rsi(14).features, ...rsi(14).features] }, 'The feature set gives the column rsi_14 twice.'],
  ])('%s', (_, set, message) => {
    for (const use of [featureColumns, requiredBars, featureSetHash, (given: FeatureSet) => computeFeatures(barsOfCloses([1]), given)]) {
      expect(() => use(set)).toThrow(RangeError);
      expect(() => use(set)).toThrow(message);
    }
  });
});
