import { describe, expect, it } from 'vitest';
import { fingerprintOf, type FingerprintParts } from '../../dsl/contract/index.ts';
import { digestOf } from '../../dsl/util/index.ts';

const parts: FingerprintParts = {
  version: 1,
  step: 'train',
  code: digestOf('bundle'),
  parameters: { rate: 0.1, seed: 1 },
  inputs: { features: digestOf('features'), extra: null },
  outputs: { model: { kind: 'model' } },
  environment: { BACKEND: null },
};

describe('a fingerprint', () => {
  it('does not depend on the order in which things were written down', () => {
    expect(fingerprintOf({ ...parts, parameters: { seed: 1, rate: 0.1 } })).toBe(fingerprintOf(parts));
  });

  it.each<[string, Partial<FingerprintParts>]>([
    ['the step', { step: 'other' }],
    ['the code', { code: digestOf('another bundle') }],
    ['a parameter', { parameters: { rate: 0.2, seed: 1 } }],
    ['the type of a parameter', { parameters: { rate: '0.1', seed: 1 } }],
    ['an input', { inputs: { features: digestOf('other'), extra: null } }],
    ['an optional input that is there now', { inputs: { features: digestOf('features'), extra: digestOf('x') } }],
    ['a declared output', { outputs: { model: { kind: 'model' }, curve: { kind: 'metrics' } } }],
    ['a declared variable', { environment: { BACKEND: 'cpu' } }],
  ])('changes with %s', (_, change) => {
    expect(fingerprintOf({ ...parts, ...change })).not.toBe(fingerprintOf(parts));
  });

  it('tells a list of inputs from one input, and one order from another', () => {
    const a = digestOf('a');
    const b = digestOf('b');
    const prints = [{ x: [a, b] }, { x: [b, a] }, { x: a }, { x: [a] }].map((inputs) => fingerprintOf({ ...parts, inputs }));
    expect(new Set(prints).size).toBe(4);
  });
});
