import { describe, expect, it } from 'vitest';
import { checkAgainstSchema } from '../../../dsl/contract/json-schema.ts';
import { CANDIDATE_SCHEMA, settingsOf } from '../../../steps/train/candidate.ts';
import { candidatesOf, choice, grid, integer, logUniform, sample, uniform, type Candidate, type Space } from '../../../steps/train/contract.ts';
import { checkSettings } from '../../../model/training/index.ts';
import { prepare, type Surroundings } from '../../../pipeline/prepare.ts';
import type { Json } from '../../../dsl/util/index.ts';

describe('a grid', () => {
  it('is every combination, the last setting changing fastest; lists are values', () => {
    const space: Space = { architecture: 'neural-network', hiddenLayers: choice([8], [16, 8]), learningRate: choice(0.001, 0.01), activation: 'tanh' };
    expect(grid(space)).toEqual([
      { architecture: 'neural-network', hiddenLayers: [8], learningRate: 0.001, activation: 'tanh' },
      { architecture: 'neural-network', hiddenLayers: [8], learningRate: 0.01, activation: 'tanh' },
      { architecture: 'neural-network', hiddenLayers: [16, 8], learningRate: 0.001, activation: 'tanh' },
      { architecture: 'neural-network', hiddenLayers: [16, 8], learningRate: 0.01, activation: 'tanh' },
    ]);
    expect(grid({ architecture: 'logistic', learningRate: 0.01, hiddenLayers: [3] })).toEqual([{ architecture: 'logistic', learningRate: 0.01, hiddenLayers: [3] }]);
    expect(grid({ architecture: 'gradient-boosted-trees', learningRate: 0.1, maxDepth: integer(2, 4) }).map(({ maxDepth }) => maxDepth)).toEqual([2, 3, 4]);
  });
});

describe('a random search', () => {
  const space: Space = { architecture: 'gradient-boosted-trees', learningRate: logUniform(0.001, 0.1), maxDepth: integer(1, 4), rowShare: uniform(0.4, 0.8), classWeighting: choice('none', 'balanced') };

  it('gives the same list for the same seed, a longer one for a larger budget, and others for another seed', () => {
    const ten = sample(space, { budget: 10, seed: 1 });
    expect(ten).toHaveLength(10);
    expect(sample(space, { budget: 10, seed: 1 })).toEqual(ten);
    expect(sample(space, { budget: 25, seed: 1 }).slice(0, 10)).toEqual(ten);
    expect(sample(space, { budget: 10, seed: 2 })).not.toEqual(ten);
  });

  it('stays within the limits, and draws each factor as often', () => {
    const many = sample(space, { budget: 400, seed: 3 });
    const share = (holds: (candidate: Candidate) => boolean): number => many.filter(holds).length / many.length;
    for (const { learningRate, maxDepth, rowShare } of many) {
      expect(learningRate).toBeGreaterThanOrEqual(0.001);
      expect(learningRate).toBeLessThanOrEqual(0.1);
      expect([1, 2, 3, 4]).toContain(maxDepth);
      expect(rowShare).toBeGreaterThanOrEqual(0.4);
      expect(rowShare).toBeLessThanOrEqual(0.8);
    }
    // Half of the factors from 0.001 to 0.1 lie below 0.01; of the numbers it would be one in eleven.
    expect(share(({ learningRate }) => learningRate < 0.01)).toBeCloseTo(0.5, 1);
    for (const depth of [1, 2, 3, 4]) expect(Math.abs(share(({ maxDepth }) => maxDepth === depth) - 0.25)).toBeLessThan(0.08);
    expect(share(({ classWeighting }) => classWeighting === 'none')).toBeCloseTo(0.5, 1);
  });

  it('tries no candidate twice, ends where a space is used up, and takes turns with several', () => {
    const small: Space = { architecture: 'logistic', learningRate: choice(0.1, 0.01), l2: choice(0, 1) };
    const all = sample(small, { budget: 10, seed: 1 });
    expect(all).toHaveLength(4);
    expect(new Set(all.map((candidate) => JSON.stringify(candidate))).size).toBe(4);
    expect(sample([small, space], { budget: 4, seed: 1 }).map(({ architecture }) => architecture)).toEqual(['logistic', 'gradient-boosted-trees', 'logistic', 'gradient-boosted-trees']);
  });

  it('gives candidates that a pipeline takes and training understands', () => {
    for (const candidate of sample(space, { budget: 20, seed: 5 })) {
      expect(checkAgainstSchema(CANDIDATE_SCHEMA, candidate as unknown as Json)).toBeUndefined();
      expect(() => checkSettings(settingsOf(candidate, 1))).not.toThrow();
    }
  });
});

it('a run\'s search is a grid without a budget, and else a sample', () => {
  const space: Space = { architecture: 'logistic', learningRate: choice(0.1, 0.01, 0.001) };
  expect(candidatesOf({ space })).toEqual(grid(space));
  expect(candidatesOf({ space: [space, { architecture: 'linear', learningRate: 0.1 }] })).toHaveLength(4);
  expect(candidatesOf({ space, budget: 2 })).toEqual(sample(space, { budget: 2, seed: 1 }));
});

it.each<[string, () => unknown, string]>([
  ['a grid without an end', () => grid({ architecture: 'logistic', learningRate: logUniform(0.1, 1) }), 'The setting learningRate has no end of values; a grid needs a choice. Give the search a budget to draw from it.'],
  ['an empty choice', () => grid({ architecture: 'logistic', learningRate: choice() }), 'The setting learningRate is {"choice":[]}; a choice needs a value.'],
  ['limits the wrong way round', () => sample({ architecture: 'logistic', learningRate: uniform(1, 0.1) }, { budget: 1, seed: 1 }), 'The setting learningRate is {"uniform":[1,0.1]}; uniform needs two numbers, the smaller first.'],
  ['a factor from 0', () => sample({ architecture: 'logistic', learningRate: logUniform(0, 0.1) }, { budget: 1, seed: 1 }), 'The setting learningRate is {"logUniform":[0,0.1]}; logUniform needs numbers above 0.'],
  ['half a unit', () => sample({ architecture: 'logistic', learningRate: 0.1, patience: integer(1, 2.5) }, { budget: 1, seed: 1 }), 'The setting patience is {"integer":[1,2.5]}; integer needs whole numbers.'],
  ['an unknown dimension', () => grid({ architecture: 'logistic', learningRate: { normal: [0, 1] } as never }), 'The setting learningRate is {"normal":[0,1]}; a dimension is an object with one of choice, uniform, logUniform, integer.'],
  ['no budget', () => sample({ architecture: 'logistic', learningRate: 0.1 }, { budget: 0, seed: 1 }), 'The budget of a search is 0; it must be a whole number of 1 or more.'],
])('%s: refused', (_, search, message) => {
  expect(search).toThrow(new RangeError(message));
});

describe('a search of too many candidates is told before a list of them fills the memory', () => {
  const range: Space = { architecture: 'logistic', learningRate: 0.1, batchSize: integer(1, 1e9) };
  const depths: Space = { architecture: 'gradient-boosted-trees', learningRate: 0.1, maxDepth: integer(1, 10) };
  it.each<[string, () => unknown, number]>([
    ['a range of whole numbers', () => grid(range), 1e9],
    ['a product of ranges', () => grid({ ...depths, minRows: integer(1, 10), bins: integer(2, 12) }), 1_100],
    ['the spaces together', () => candidatesOf({ space: Array.from({ length: 101 }, () => depths) }), 1_010],
    ['a budget', () => sample(range, { budget: 1_001, seed: 1 }), 1_001],
  ])('%s', (_, search, count) => {
    expect(search).toThrow(new RangeError(`The search has ${count} candidates; at most 1000 can be trained. Give it fewer values, or a budget of at most 1000.`));
  });

  it('with the code of a wrong parameter when a run is given it, and a thousand are none too many', async () => {
    // What a run asks of the world comes after the search.
    await expect(prepare({ search: { space: range } }, {} as Surroundings)).rejects.toThrow(/^PW307: The parameter "search" finds no candidates\. The search has 1000000000 candidates/);
    expect(candidatesOf({ space: Array.from({ length: 100 }, () => depths) })).toHaveLength(1_000);
  });
});

describe('the schema of a candidate', () => {
  const whyNot = (candidate: object): string | undefined => checkAgainstSchema(CANDIDATE_SCHEMA, candidate as Json);
  it.each<[object]>([
    [{ architecture: 'linear', learningRate: 0.01, loss: 'huber' }],
    [{ architecture: 'linear', learningRate: 0.01, target: 'return' }],
    [{ architecture: 'neural-network', hiddenLayers: [4], learningRate: 0.01, target: 'return', loss: 'squared', calibration: 'platt', members: 3 }],
    [{ architecture: 'gradient-boosted-trees', learningRate: 0.1, target: 'return', loss: 'huber' }],
    [{ architecture: 'gradient-boosted-trees', learningRate: 0.1, classWeighting: 'balanced', calibration: 'isotonic' }],
  ])('takes %j, and training does, too', (candidate) => {
    expect(whyNot(candidate)).toBeUndefined();
    expect(() => checkSettings(settingsOf(candidate as Candidate, 1))).not.toThrow();
  });

  it.each<[object]>([
    [{ architecture: 'logistic', learningRate: 0.01, target: 'return' }],
    [{ architecture: 'linear', learningRate: 0.01, target: 'direction' }],
    [{ architecture: 'logistic', learningRate: 0.01, loss: 'huber' }],
    [{ architecture: 'linear', learningRate: 0.01, classWeighting: 'balanced' }],
    [{ architecture: 'gradient-boosted-trees', learningRate: 0.1, maxEpochs: 3 }],
    [{ architecture: 'gradient-boosted-trees', learningRate: 0.1, hiddenLayers: [3] }],
    [{ architecture: 'logistic', learningRate: 0.1, maxDepth: 3 }],
    [{ architecture: 'logistic', learningRate: 0.1, calibration: 'beta' }],
  ])('refuses %j', (candidate) => {
    expect(whyNot(candidate)).toBeDefined();
  });
});
