import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIVATIONS, checkNetwork, compilePredictor, type Activation, type Network } from '../../../model/predictor/index.ts';
import { createRandom } from '../../../model/random.ts';
import { loadBackend, predictOnBackend } from '../../../model/training/index.ts';

/** A network with kernels as large as Glorot and Bengio draw them, and with biases. */
function drawNetwork(sizes: readonly number[], activations: readonly Activation[], seed: number): Network {
  const random = createRandom(seed);
  const layers = sizes.slice(1).map((units, at) => {
    const inputs = sizes[at]!;
    const limit = Math.sqrt(6 / (inputs + units));
    return {
      units,
      activation: activations[at]!,
      kernel: Float32Array.from({ length: inputs * units }, () => limit * (2 * random.uniform() - 1)),
      bias: Float32Array.from({ length: units }, () => random.normal() / 4),
    };
  });
  return { inputs: sizes[0]!, layers };
}

const drawnNetworks = fc
  .record({
    inputs: fc.integer({ min: 1, max: 24 }),
    hidden: fc.array(fc.tuple(fc.integer({ min: 1, max: 24 }), fc.constantFrom(...ACTIVATIONS)), { maxLength: 3 }),
    seed: fc.nat(),
  })
  .map(({ inputs, hidden, seed }) =>
    drawNetwork([inputs, ...hidden.map(([units]) => units), 1], [...hidden.map(([, activation]) => activation), 'sigmoid'], seed),
  );

describe.each(['cpu', 'wasm'] as const)('on %s', (name) => {
  test('a compiled predictor answers as TensorFlow does, to 1e-6, for any network', async () => {
    const backend = await loadBackend([name]);
    fc.assert(
      fc.property(drawnNetworks, fc.nat(), (network, seed) => {
        const random = createRandom(seed);
        const rows = 8;
        const values = Float64Array.from({ length: rows * network.inputs }, () => random.normal());
        const names = Array.from({ length: network.inputs }, (_, at) => `f${at}`);
        const expected = predictOnBackend(backend, network, { names, rows, values });
        const got = compilePredictor(network).predictRows(values, rows);
        for (let row = 0; row < rows; row++) expect(Math.abs(got[row]! - expected[row]!)).toBeLessThanOrEqual(1e-6);
      }),
      { numRuns: 150 },
    );
  });
});

/** 2 inputs → 2 relu → 1 sigmoid, small enough to do by hand. */
const byHand: Network = {
  inputs: 2,
  layers: [
    { units: 2, activation: 'relu', kernel: Float32Array.of(1, -1, 2, 0.5), bias: Float32Array.of(0, 0.25) },
    { units: 1, activation: 'sigmoid', kernel: Float32Array.of(0.5, -2), bias: Float32Array.of(1) },
  ],
};

describe('one network, worked out by hand', () => {
  test('row by kernel, plus bias, through relu and sigmoid', () => {
    // Hidden: relu(1·1 + 3·2) = 7 and relu(−1·1 + 3·0.5 + 0.25) = 0.75; out: 0.5·7 − 2·0.75 + 1 = 3.
    expect(compilePredictor(byHand).predictRow([1, 3])).toBeCloseTo(1 / (1 + Math.exp(-3)), 12);
    // Hidden: relu(−1) = 0 and relu(1.25) = 1.25; out: −1.5.
    expect(compilePredictor(byHand).predictRow([-1, 0])).toBeCloseTo(1 / (1 + Math.exp(1.5)), 12);
  });

  test('raw features are normalised first', () => {
    const predictor = compilePredictor(byHand, { mean: [10, -3], scale: [2, 0.5] });
    expect(predictor.predictRow([12, -1.5])).toBe(compilePredictor(byHand).predictRow([1, 3]));
  });

  test('one row and a batch give the same numbers, into memory of the caller', () => {
    const predictor = compilePredictor(byHand);
    const out = new Float64Array(2);
    expect(predictor.predictRows([1, 3, -1, 0], 2, out)).toBe(out);
    expect([...out]).toEqual([predictor.predictRow([1, 3]), predictor.predictRow([-1, 0])]);
    expect(predictor.inputs).toBe(2);
  });

  test('two predictors do not share scratch memory', () => {
    const one = compilePredictor(byHand);
    const other = compilePredictor(byHand, { mean: [1, 1], scale: [1, 1] });
    const before = one.predictRow([1, 3]);
    other.predictRow([5, 5]);
    expect(one.predictRow([1, 3])).toBe(before);
  });
});

describe('the ends of the number line', () => {
  const steep: Network = { inputs: 1, layers: [{ units: 1, activation: 'sigmoid', kernel: Float32Array.of(1e4), bias: Float32Array.of(0) }] };

  test('log-odds far out give 0 and 1, not NaN', () => {
    expect(compilePredictor(steep).predictRow([1])).toBe(1);
    expect(compilePredictor(steep).predictRow([-1])).toBe(0);
    expect(compilePredictor(steep).predictRow([-0.07])).toBeGreaterThan(0);
  });

  test.each([NaN, Infinity, -Infinity])('a feature of %s gives no answer, whatever comes after', (value) => {
    for (const activation of ACTIVATIONS) {
      const network: Network = { ...byHand, layers: [{ ...byHand.layers[0]!, activation }, byHand.layers[1]!] };
      expect(compilePredictor(network).predictRow([value, 3])).toBeNaN();
      expect([...compilePredictor(network).predictRows([1, 3, value, 3], 2)][1]).toBeNaN();
    }
  });

  test('a feature that single precision cannot hold gives no answer either', () => {
    expect(compilePredictor(byHand).predictRow([1e300, 0])).toBeNaN();
  });
});

describe('what does not fit is refused', () => {
  test('rows, batches and outputs of another length', () => {
    const predictor = compilePredictor(byHand);
    expect(() => predictor.predictRow([1, 2, 3])).toThrow(new RangeError('The model takes rows of 2 features; got 3.'));
    expect(() => predictor.predictRows([1, 2, 3], 2)).toThrow(new RangeError('2 rows of 2 features are 4 values; got 3.'));
    expect(() => predictor.predictRows([1, 2], 1, new Float64Array(3))).toThrow(
      new RangeError('1 rows give 1 probabilities; the output has room for 3.'),
    );
  });

  test('normalisations', () => {
    expect(() => compilePredictor(byHand, { mean: [0], scale: [1, 1] })).toThrow('The normalisation has 1 means for a network of 2 inputs.');
    expect(() => compilePredictor(byHand, { mean: [0, NaN], scale: [1, 1] })).toThrow('The mean of column 1 is NaN; it must be a finite number.');
    expect(() => compilePredictor(byHand, { mean: [0, 0], scale: [1, 0] })).toThrow('The scale of column 1 is 0; a column is divided by its scale.');
  });

  const [hidden, last] = byHand.layers as [Network['layers'][number], Network['layers'][number]];
  test.each<[string, Network, string]>([
    ['no inputs', { ...byHand, inputs: 0 }, 'A network needs a whole number of inputs, 1 or more; got 0.'],
    ['no layers', { ...byHand, layers: [] }, 'A network needs at least one layer.'],
    ['broken units', { ...byHand, layers: [{ ...hidden, units: 1.5 }, last] }, 'Layer 1 of the network needs a whole number of units, 1 or more; got 1.5.'],
    ['short kernel', { ...byHand, layers: [{ ...hidden, kernel: new Float32Array(3) }, last] }, 'Layer 1 of the network: the kernel has 3 weights; 2 inputs × 2 units need 4.'],
    ['long bias', { ...byHand, layers: [hidden, { ...last, bias: new Float32Array(2) }] }, 'Layer 2 of the network: the bias has 2 weights; 1 units need 1.'],
    ['NaN weight', { ...byHand, layers: [hidden, { ...last, kernel: Float32Array.of(1, NaN) }] }, 'Layer 2 of the network: the kernel has the weight NaN at position 1; weights are finite numbers.'],
    ['wide end', { ...byHand, layers: [hidden] }, 'The last layer of the network has 2 units; a probability needs exactly 1.'],
    ['unknown activation', { ...byHand, layers: [{ ...hidden, activation: 'gelu' as Activation }, last] }, 'Layer 1 of the network has the activation gelu; known are linear, relu, tanh, sigmoid.'],
  ])('a network with %s', (_, network, message) => {
    expect(() => checkNetwork(network)).toThrow(new RangeError(message));
    expect(() => compilePredictor(network)).toThrow(new RangeError(message));
  });
});
