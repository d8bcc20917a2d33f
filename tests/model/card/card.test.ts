import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../dsl/util/index.ts';
import { buildCard, cardMarkdown, type CardInputs } from '../../../model/card/index.ts';
import type { ModelDocument } from '../../../model/document/index.ts';
import { sampleDocument } from '../document/sample-model.ts';
import { treesSettings } from '../training/sample-rows.ts';

const digest = digestOf('model');
const measured = (value: number) => ({ kind: 'measured', value, interval: { lower: value - 0.03, upper: value + 0.03 }, standardError: 0.015 });
const verdict = {
  format: 'pipewright/verdict/1',
  decision: 'promote',
  reason: 'Promoted: it is not worse than the base rate.',
  model: digest,
  champion: null,
  candidates: [{ model: digest, validationLogLoss: 0.69 }, { model: digestOf('other'), validationLogLoss: 0.7 }],
  judged: { from: '2017-01-03', to: '2020-04-16', days: 825 },
  baseRate: 0.531,
  costBasisPoints: 2,
  forecasts: [
    { name: 'chosen model', accuracy: 0.54, figures: { accuracy: measured(0.54), logLoss: measured(0.69) } },
    { name: 'majority', figures: { accuracy: measured(0.55) } },
  ],
  strategies: [{ name: 'chosen model', figures: { totalReturn: measured(0.2), sharpeRatio: { kind: 'undefined', reason: 'it never traded' } } }],
};
const cardOf = (change: Partial<CardInputs> = {}) => buildCard({ digest, document: sampleDocument, verdict, ...change });
const documentOf = (change: Partial<ModelDocument>): ModelDocument => ({ ...sampleDocument, ...change });

test('the same model and verdict give the same card, with no time in it', () => {
  expect(cardOf()).toEqual(cardOf());
  expect(JSON.stringify(cardOf())).not.toMatch(/\d{4}-\d{2}-\d{2}T/);
});

test('the card for people has every section, the model beside its baselines, and figures as they are', () => {
  const text = cardMarkdown(cardOf({ version: 3, code: { train: 'sha256:12' } }));
  const titles = text.split('\n').filter((line) => line.startsWith('#'));
  expect(titles).toEqual(['# Model card: stock-direction version 3', ...['Intended use', 'What it answers', 'Figures on unseen days', 'Limits', 'Data', 'Features', 'Training', 'Code', 'Identity'].map((title) => `## ${title}`)]);
  expect(text).toContain('| forecast | accuracy | log-loss |');
  expect(text).toContain('| chosen model | 0.5400 (0.5100 to 0.5700) | 0.6900 (0.6600 to 0.7200) |');
  expect(text).toContain('| majority | 0.5500 (0.5200 to 0.5800) |  |');
  expect(text).toContain('| chosen model | 0.2000 (0.1700 to 0.2300) | none: it never traded |');
  expect(text).toContain('- train: 3700 rows from 2000-01-03 to 2014-12-31');
  expect(text).toContain('- hiddenLayers: 4-2');
  expect(text).toContain('- train: `sha256:12`');
  expect(text).not.toMatch(/undefined|NaN|\[object/);
});

test('a model that was not judged says so, first of all in its limits', () => {
  const card = buildCard({ digest, document: sampleDocument });
  expect(card.judgement).toBeNull();
  expect(card.limits).toContain('It was not judged on unseen days: this card has no figure that says how good it is.');
  expect(cardMarkdown(card)).toContain('None: it was not judged.');
});

describe('limits follow from how the model was made', () => {
  const limits = (change: Partial<ModelDocument>): string => cardOf({ document: documentOf(change) }).limits.join('\n');

  test('what the validation days were used for', () => {
    expect(limits({})).toContain('The validation days had 2 jobs: they decided when to stop and chose among the candidates.');
    expect(limits({ calibration: { method: 'platt', slope: 1, intercept: 0 } })).toContain('had 3 jobs: they decided when to stop, taught the calibration and chose among the candidates.');
  });

  test('returns, trees, horizons and weights', () => {
    const returns = cardOf({ document: documentOf({ target: 'return', score: { kind: 'return', residualScale: 0.0123 } }) });
    expect(returns.limits.join()).toContain('takes the errors of the forecast return for normal');
    expect(returns.target.answer).toContain('in units of 0.0123');
    expect(limits({})).not.toContain('normal');
    const trees = { ...sampleDocument.training, settings: { ...treesSettings, classWeighting: 'balanced' as const } };
    expect(limits({ training: trees })).toContain('they do not extrapolate');
    expect(limits({ training: trees })).toContain('weighed alike');
    expect(limits({ horizonDays: 5 })).toContain('Labels over 5 days overlap');
    expect(limits({})).toContain('half-width of an accuracy\'s 95 % interval is some 3.4 points');
  });
});

test.each<[string, unknown, string]>([
  ['another model', { ...verdict, model: digestOf('other') }, `The verdict is about the model ${digestOf('other')}; the card is of ${digest}.`],
  ['another format', { format: 'pipewright/verdict/9' }, 'This is no verdict that a model card can be made of.'],
  ['nothing', null, 'This is no verdict that a model card can be made of.'],
])('a verdict about %s is refused', (_, other, message) => {
  expect(() => cardOf({ verdict: other })).toThrow(new RangeError(message));
});
