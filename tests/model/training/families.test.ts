import { describe, expect, test } from 'vitest';
import { compileModel, createGolden, decodeModel, encodeModel, verifyGolden, type ModelDocument } from '../../../model/document/index.ts';
import { compileEstimator, compilePredictor, type Network } from '../../../model/predictor/index.ts';
import { createRandom } from '../../../model/random.ts';
import { loadBackend, memberSeeds, trainModel, type LabelledRows, type TrainedModel, type TrainingSettings } from '../../../model/training/index.ts';
import { sampleDocument } from '../document/sample-model.ts';
import { logisticSettings, networkSettings, sampleRows, treesSettings } from './sample-rows.ts';

const ups = { training: sampleRows(200, 4, 1), validation: sampleRows(150, 4, 2) };

/** Daily returns of about a percent, of which the first feature tells a part. */
function returnsOf({ x }: LabelledRows, seed: number): LabelledRows {
  const random = createRandom(seed);
  return { x, y: Float64Array.from({ length: x.rows }, (_, row) => 0.0005 + 0.006 * x.values[row * 4]! + 0.008 * random.normal()) };
}
const returns = { training: returnsOf(ups.training, 3), validation: returnsOf(ups.validation, 4) };

const ofReturn = { target: 'return', loss: 'squared' } as const;
const FAMILIES: Readonly<Record<string, TrainingSettings>> = {
  'logistic regression': logisticSettings,
  'logistic regression, calibrated by Platt': { ...logisticSettings, calibration: 'platt', classWeighting: 'balanced' },
  'linear regression': { ...logisticSettings, ...ofReturn, architecture: 'linear', maxEpochs: 40, learningRate: 0.02, patience: 40 },
  'neural network': networkSettings,
  'three neural networks, isotonic': { ...networkSettings, members: 3, calibration: 'isotonic' },
  'neural network of return, Huber': { ...networkSettings, target: 'return', loss: 'huber', maxEpochs: 20 },
  'trees': treesSettings,
  'three sets of trees, Platt': { ...treesSettings, members: 3, calibration: 'platt' },
  'trees of return': { ...treesSettings, ...ofReturn },
  'trees of return, Huber, isotonic': { ...treesSettings, target: 'return', loss: 'huber', calibration: 'isotonic' },
};

const dataOf = ({ target }: TrainingSettings): { training: LabelledRows; validation: LabelledRows } => (target === 'return' ? returns : ups);

async function train(settings: TrainingSettings): Promise<TrainedModel> {
  return trainModel({ backend: () => loadBackend(['wasm']), ...dataOf(settings), settings });
}

const trainedOnce = new Map<TrainingSettings, Promise<TrainedModel>>();

/** For tests that only look at a model. */
function trainOnce(settings: TrainingSettings): Promise<TrainedModel> {
  const trained = trainedOnce.get(settings) ?? train(settings);
  trainedOnce.set(settings, trained);
  return trained;
}

/** The model's files, as the train step writes them. */
function filesOf(trained: TrainedModel, settings: TrainingSettings): Record<string, Uint8Array> {
  const { x } = dataOf(settings).validation;
  const document: ModelDocument = {
    ...sampleDocument,
    target: settings.target,
    featureSet: { ...sampleDocument.featureSet, names: x.names },
    normalisation: { mean: x.names.map(() => 0), scale: x.names.map(() => 1) },
    score: trained.score,
    calibration: trained.calibration,
    training: { ...sampleDocument.training, settings, backend: trained.backend, members: trained.members.map(({ seed, bestEpoch, history }) => ({ seed, bestEpoch, epochs: history.length })) },
    golden: createGolden(x, trained.probabilities.validation),
  };
  return encodeModel(document, trained.estimator).files;
}

describe.each(Object.entries(FAMILIES))('%s', (_, settings) => {
  test('the same seed gives the same bytes of all files, another seed others', async () => {
    const files = filesOf(await trainOnce(settings), settings);
    expect(filesOf(await train(settings), settings)).toEqual(files);
    const other = { ...settings, seed: settings.seed + 1 };
    expect(filesOf(await train(other), other)['weights.bin']).not.toEqual(files['weights.bin']);
  });

  test('what is read back answers as the training did, on every row, and proves it', async () => {
    const trained = await trainOnce(settings);
    const model = decodeModel(filesOf(trained, settings));
    const predictor = compileModel(model);
    const data = dataOf(settings);
    for (const part of ['training', 'validation'] as const) {
      const { probabilities, returns: forecast } = predictor.forecast(data[part].x.values, data[part].x.rows);
      for (const [row, probability] of probabilities.entries()) expect(Math.abs(probability - trained.probabilities[part][row]!)).toBeLessThan(2e-6);
      expect(forecast === undefined).toBe(settings.target === 'direction');
      expect(predictor.predictRows(data[part].x.values, data[part].x.rows)).toEqual(probabilities);
    }
    expect(verifyGolden(predictor, model.document).agrees).toBe(true);
    expect(model.document.training.settings).toEqual(settings);
  });
});

describe('models of return', () => {
  test.each(['linear regression', 'neural network of return, Huber', 'trees of return'])('%s: forecasts in returns, better than their mean, and rises more probable where they are forecast', async (name) => {
    const settings = FAMILIES[name]!;
    const { estimator, score, calibration } = await trainOnce(settings);
    const { x, y } = returns.validation;
    const { returns: forecast, probabilities } = compileEstimator(estimator, { score, calibration }).forecast(x.values, x.rows);
    const mean = Array.from(y).reduce((sum, value) => sum + value / x.rows, 0);
    const error = (of: (row: number) => number): number => Array.from(y).reduce((sum, value, row) => sum + (value - of(row)) ** 2, 0) / x.rows;
    expect(error((row) => forecast![row]!)).toBeLessThan(0.85 * error(() => mean));
    for (const [row, probability] of probabilities.entries()) expect(probability > 0.5).toBe(forecast![row]! > 0);
    // The deviation of what is left, which is 0.8 % a day.
    expect(score).toMatchObject({ kind: 'return' });
    expect(score.kind === 'return' && score.residualScale).toBeCloseTo(0.0085, 2);
    const right = Array.from(y).filter((value, row) => value > 0 === probabilities[row]! > 0.5).length;
    expect(right / x.rows).toBeGreaterThan(0.6);
  });

  test('Huber\'s loss is not moved by a few wild days, least squares is', async () => {
    const wild = { ...returns.training, y: Float64Array.from(returns.training.y, (value, row) => (row % 40 === 0 ? 0.5 : value)) };
    const settings = { ...logisticSettings, ...ofReturn, architecture: 'linear', maxEpochs: 60, patience: 60, learningRate: 0.02 } as const;
    const meanForecast = async (loss: 'squared' | 'huber'): Promise<number> => {
      const { estimator, score } = await trainModel({ backend: () => loadBackend(['wasm']), training: wild, validation: wild, settings: { ...settings, loss } });
      const { returns: forecast } = compileEstimator(estimator, { score }).forecast(wild.x.values, wild.x.rows);
      return forecast!.reduce((sum, value) => sum + value / forecast!.length, 0);
    };
    expect(await meanForecast('squared')).toBeGreaterThan(0.01);
    expect(await meanForecast('huber')).toBeLessThan(0.007);
  });

  test('returns that are all the same, and returns that are none, are refused', async () => {
    const settings = FAMILIES['trees of return']!;
    const flat = { ...returns.training, y: new Float64Array(200).fill(0.25) };
    await expect(trainModel({ backend: () => loadBackend(['wasm']), training: flat, validation: flat, settings })).rejects.toThrow('All 200 training returns are 0.25; there is nothing to learn.');
    const broken = { ...returns.training, y: new Float64Array(200).fill(NaN) };
    await expect(trainModel({ backend: () => loadBackend(['wasm']), training: broken, validation: broken, settings })).rejects.toThrow('The training label of row 0 is NaN; labels are finite returns.');
  });
});

describe('ensembles', () => {
  test('members have seeds of their own, the first the model\'s, and their log-odds are averaged', async () => {
    const settings = FAMILIES['three neural networks, isotonic']!;
    const { estimator, members } = await train({ ...settings, calibration: 'none' });
    const alone = await train({ ...settings, members: 1, calibration: 'none' });
    expect(members.map(({ seed }) => seed)).toEqual(memberSeeds(7, 3));
    expect(new Set(memberSeeds(7, 50)).size).toBe(50);
    expect(memberSeeds(7, 1)).toEqual([7]);
    expect(estimator.members[0]).toEqual(alone.estimator.members[0]);
    expect(estimator.members[1]).not.toEqual(estimator.members[0]);
    const row = [0.3, -1, 0.5, 2];
    const logOdds = (estimator.members as readonly Network[]).map((network) => compilePredictor(network).predictRow(row)).map((p) => Math.log(p / (1 - p)));
    const mean = logOdds.reduce((sum, value) => sum + value / 3, 0);
    expect(compileEstimator(estimator).predictRow(row)).toBeCloseTo(1 / (1 + Math.exp(-mean)), 10);
  });
});

describe('calibration', () => {
  test('it is learned on validation rows alone, after the members, which stay as they are', async () => {
    const plain = await train(treesSettings);
    const platt = await train({ ...treesSettings, calibration: 'platt' });
    expect(platt.estimator).toEqual(plain.estimator);
    const fewer = { ...ups.training, x: ups.training.x, y: ups.training.y };
    const flipped = { ...ups.validation, y: Float64Array.from(ups.validation.y, (label) => 1 - label) };
    const turned = await trainModel({ backend: () => loadBackend(['wasm']), training: fewer, validation: flipped, settings: { ...treesSettings, calibration: 'platt', patience: 1 } });
    expect(platt.calibration.method === 'platt' && platt.calibration.slope).toBeGreaterThan(0);
    expect(turned.calibration.method === 'platt' && turned.calibration.slope).toBeLessThan(0);
  });
});

test.each<[string, Partial<TrainingSettings>, TrainingSettings, string]>([
  ['a logistic regression of returns', ofReturn, logisticSettings, 'target is return; of the architectures with one unit, linear is for it'],
  ['a log-loss of returns', { target: 'return' }, networkSettings, 'loss is log, which is not for the target return'],
  ['classes of returns', { ...ofReturn, classWeighting: 'balanced' }, networkSettings, 'classWeighting is for the target direction, which has classes'],
  ['members that are all the same', { members: 3, rowShare: 1, columnShare: 1 } as Partial<TrainingSettings>, treesSettings, 'members is 3, but with all rows and columns for each tree they would all be the same'],
  ['too many bins', { bins: 300, rowShare: 0, maxDepth: 0 } as Partial<TrainingSettings>, treesSettings, 'maxDepth is 0, not a whole number of 1 or more; rowShare is 0, not above 0 and at most 1; bins is 300, not a whole number from 2 to 256'],
])('%s: refused', async (_, change, settings, message) => {
  await expect(train({ ...settings, ...change } as TrainingSettings)).rejects.toThrow(message);
});
