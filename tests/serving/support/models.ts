import { createGolden, encodeModel, MODEL_FORMAT_VERSION, type ModelDocument } from '../../../model/document/index.ts';
import { computeFeatures, defaultFeatureSet, featureColumns, featureSetHash, type FeatureSet } from '../../../model/features/index.ts';
import { sliceRows, type Matrix } from '../../../model/matrix.ts';
import { fitNormalisation } from '../../../model/normalise.ts';
import { compilePredictor, type DenseLayer, type Network } from '../../../model/predictor/index.ts';
import { createRandom } from '../../../model/random.ts';
import type { Json } from '../../../dsl/util/index.ts';
import { randomWalk } from '../../model/sample-bars.ts';

export const MODEL_NAME = 'stock-direction';

/** Bars of a random walk, as many as a test may want to send. */
export const SAMPLE_BARS = randomWalk(400, 7);

export interface SampleModel {
  readonly files: Record<string, Uint8Array>;
  readonly document: ModelDocument;
  readonly network: Network;
  /** Raw feature rows without NaN. */
  readonly rows: Matrix;
  /** What the model says to one raw row. */
  predict(row: ArrayLike<number>): number;
}

export interface SampleOptions {
  /** Other seeds are other weights. */
  readonly seed?: number;
  readonly featureSet?: FeatureSet;
  readonly hiddenUnits?: readonly number[];
  /** Changes the document before it is encoded, for models that must be refused. */
  readonly change?: (document: ModelDocument) => ModelDocument;
}

/** A model with drawn weights, written by the code that training uses. */
export function makeModel({ seed = 1, featureSet = defaultFeatureSet, hiddenUnits = [8], change = (document) => document }: SampleOptions = {}): SampleModel {
  const table = computeFeatures(SAMPLE_BARS, featureSet);
  const rows = sliceRows(table.matrix, table.firstComplete, table.matrix.rows);
  const normalisation = fitNormalisation(rows, { from: 0, to: rows.rows });
  const network = drawNetwork(rows.names.length, hiddenUnits, seed);
  const predictor = compilePredictor(network, normalisation);
  const document: ModelDocument = {
    formatVersion: MODEL_FORMAT_VERSION,
    name: MODEL_NAME,
    target: 'direction',
    horizonDays: 1,
    featureSet: { definition: featureSet as unknown as Json, names: featureColumns(featureSet), hash: featureSetHash(featureSet) },
    normalisation,
    score: { kind: 'log-odds' },
    calibration: { method: 'none' },
    decisionThreshold: 0.5,
    training: {
      settings: { architecture: 'logistic', learningRate: 0.01, batchSize: 32, maxEpochs: 1, patience: 1, l2: 0, classWeighting: 'none', target: 'direction', loss: 'log', calibration: 'none', members: 1, seed },
      backend: { name: 'cpu', version: '4.22.0' },
      splits: { train: { from: '2001-01-01', to: '2002-01-01', rows: 100 } },
      members: [{ seed, bestEpoch: 1, epochs: 1 }],
    },
    figures: {},
    golden: createGolden(rows, predictor.predictRows(rows.values, rows.rows)),
    data: {},
  };
  const changed = change(document);
  return { files: encodeModel(changed, { kind: 'networks', members: [network] }).files, document: changed, network, rows, predict: (row) => predictor.predictRow(row) };
}

function drawNetwork(inputs: number, hiddenUnits: readonly number[], seed: number): Network {
  const random = createRandom(seed);
  let width = inputs;
  const layers = [...hiddenUnits, 1].map((units, at): DenseLayer => {
    const draw = (length: number) => Float32Array.from({ length }, () => random.normal() / Math.sqrt(width));
    const layer: DenseLayer = { units, activation: at < hiddenUnits.length ? 'relu' : 'sigmoid', kernel: draw(width * units), bias: draw(units) };
    width = units;
    return layer;
  });
  return { inputs, layers };
}
