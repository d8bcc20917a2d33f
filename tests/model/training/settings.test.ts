import { expect, test } from 'vitest';
import { checkSettings, type TrainingSettings } from '../../../model/training/index.ts';
import { logisticSettings, networkSettings } from './sample-rows.ts';

test('valid settings pass', () => {
  expect(() => checkSettings(networkSettings)).not.toThrow();
  expect(() => checkSettings(logisticSettings)).not.toThrow();
  expect(() => checkSettings({ ...networkSettings, dropout: 0, l2: 0, classWeighting: 'balanced', activation: 'tanh' })).not.toThrow();
});

test('everything that is wrong is named at once', () => {
  const wrong = {
    ...networkSettings,
    hiddenLayers: [16, 0],
    activation: 'gelu',
    dropout: 1,
    l2: -1,
    learningRate: NaN,
    batchSize: 1.5,
    maxEpochs: 0,
    patience: -1,
    classWeighting: 'half',
    seed: 0.1,
  } as unknown as TrainingSettings;
  expect(() => checkSettings(wrong)).toThrow(
    new RangeError(
      'These training settings are not valid: learningRate is NaN, not above 0 and at most 1; patience is -1, not a whole number of 1 or more; ' +
        'l2 is -1, not 0 or more; classWeighting is half, not none or balanced; seed is 0.1, not a whole number; batchSize is 1.5, not a whole number of 1 or more; ' +
        'maxEpochs is 0, not a whole number of 1 or more; hiddenLayers[1] is 0, not a whole number of 1 or more; ' +
        'activation is gelu, not relu or tanh; dropout is 1, not from 0 to below 1.',
    ),
  );
});

test('a network without hidden layers is called by its name', () => {
  expect(() => checkSettings({ ...networkSettings, hiddenLayers: [] })).toThrow('without hidden layers the architecture is logistic');
  expect(() => checkSettings({ ...logisticSettings, architecture: 'forest' } as unknown as TrainingSettings)).toThrow('architecture is forest');
});
