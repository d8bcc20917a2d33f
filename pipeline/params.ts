import { t } from '../dsl/index.ts';
import { candidatePort } from '../steps/train/contract.ts';

/** What a run of the stock-direction pipeline can be given: `--param horizonDays=5`. */
export const params = {
  source: t.string({
    default: 'packaged',
    description: '"packaged" for the S&P 500 from 2000 to 2020, or the path or http(s) address of a CSV file with date, open, high, low, close and volume',
  }),
  digest: t.string({ default: '', description: 'SHA-256 that the source must have, as sha256:…; empty for any' }),
  asOf: t.string({ default: '', description: 'The day for which an address is read; another day reads it again' }),
  horizonDays: t.integer({ default: 1, minimum: 1, description: 'How many trading days ahead the direction is forecast' }),
  candidates: t.list(candidatePort, {
    description: 'What is trained; the best on validation days is judged on test days',
    default: [
      { architecture: 'logistic', learningRate: 0.001, l2: 0.001 },
      { architecture: 'logistic', learningRate: 0.003, l2: 0.03 },
      { architecture: 'neural-network', hiddenLayers: [8], learningRate: 0.001, l2: 0.01, dropout: 0.2 },
      { architecture: 'neural-network', hiddenLayers: [16, 8], learningRate: 0.001, l2: 0.01, dropout: 0.3 },
      { architecture: 'neural-network', hiddenLayers: [32, 16], activation: 'relu', learningRate: 0.001, l2: 0.003, dropout: 0.4 },
    ],
  }),
  seed: t.integer({ default: 1, description: 'Decides first weights, order of rows, dropout and resamples: the same seed, the same bytes' }),
  costBasisPoints: t.number({ default: 2, minimum: 0, description: 'Cost of buying or selling, in hundredths of a percent of what is traded' }),
  name: t.string({ default: 'stock-direction', description: 'Name of the model in the registry and of the served model' }),
  champion: t.string({ default: 'production', description: 'Model to compare with: an alias, which is looked up when the run begins, a digest, or empty for none' }),
  since: t.string({ default: 'now', description: 'Last entry of the ledger that was made by hand, or back; looked up when the run begins, so that nobody has to give it' }),
};
