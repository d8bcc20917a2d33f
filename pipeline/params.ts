import { t } from '../dsl/index.ts';
import { decisionPort } from '../steps/featurize/contract.ts';
import { candidatePort, searchPort } from '../steps/train/contract.ts';

/** Which bars are read, and what is demanded of them: what every pipeline over prices takes. */
export const dataParams = {
  source: t.string({
    default: 'packaged',
    description:
      '"packaged" for the S&P 500 from 2000 to 2020; the path or http(s) address of a CSV or Parquet file; yahoo:SYMBOL, alphavantage:SYMBOL or synthetic:MARKET?days=2500; dataset:sha256:… of the store; pinned:FILE for what `pipewright data pin` wrote',
  }),
  digest: t.string({ default: '', description: 'SHA-256 that the source must have, as sha256:…; empty for any' }),
  asOf: t.string({ default: '', description: 'The day for which an address or a service is read, and by which its data must be fresh; another day reads it again' }),
  from: t.string({ default: '', description: 'The first day that is wanted, YYYY-MM-DD; empty for all there is' }),
  adjusted: t.boolean({ default: false, description: 'Work dividends and splits into the prices; the source must have adjusted closes' }),
  timeZone: t.string({ default: '', description: 'Time zone of the exchange; empty for what the source says, else America/New_York' }),
  sessionClose: t.string({ default: '', description: 'When a session closes there, HH:MM; empty for what the source says, else 16:00' }),
  publicationDelayMinutes: t.number({ default: 0, minimum: 0, description: 'From the close of a session until its bar can be known' }),
  baseUrl: t.string({ default: '', description: 'Address of the market data service in place of its own, for a mirror' }),
  allowHttp: t.boolean({ default: false, description: 'Read addresses without encryption on other machines too' }),
  rules: t.json({ default: null, description: 'A rules document for validation (docs/guides/validation.md), as JSON; null for the built-in rules' }),
};

/** What a run of the stock-direction pipeline can be given: `--param horizonDays=5`. */
export const params = {
  ...dataParams,
  symbol: t.string({ default: '', description: 'What the bars are of; for yahoo: and alphavantage: without a symbol, and in place of {symbol} in the source' }),
  previous: t.string({ default: '', description: 'Digest of an earlier dataset in the store: only what is new is fetched, and restated history is found; "latest" for that of the last run; empty for none' }),
  restated: t.enum(['refuse', 'take', 'keep'], { default: 'refuse', description: 'What to do when the source tells rows of "previous" otherwise now: stop, take the new rows, or keep the old ones' }),
  reference: t.string({ default: '', description: 'Digest of a dataset in the store that counts as usual, or pinned:FILE, to find drift; empty for none' }),
  horizonDays: t.integer({ default: 1, minimum: 1, description: 'How many trading days ahead the direction is forecast' }),
  decisionMinutes: decisionPort,
  candidates: t.list(candidatePort, {
    description: 'What is trained; the best on validation days is judged on test days',
    default: [
      { architecture: 'logistic', learningRate: 0.001, l2: 0.001 },
      { architecture: 'logistic', learningRate: 0.003, l2: 0.03 },
      { architecture: 'neural-network', hiddenLayers: [8], learningRate: 0.001, l2: 0.01, dropout: 0.2 },
      { architecture: 'neural-network', hiddenLayers: [16, 8], learningRate: 0.001, l2: 0.01, dropout: 0.3 },
      { architecture: 'neural-network', hiddenLayers: [32, 16], activation: 'relu', learningRate: 0.001, l2: 0.003, dropout: 0.4 },
      { architecture: 'gradient-boosted-trees', maxDepth: 2, minRows: 50, learningRate: 0.03, l2: 10 },
    ],
  }),
  search: searchPort,
  seed: t.integer({ default: 1, description: 'Decides first weights, order of rows, dropout and resamples: the same seed, the same bytes' }),
  costBasisPoints: t.number({ default: 2, minimum: 0, description: 'Cost of buying or selling, in hundredths of a percent of what is traded' }),
  name: t.string({ default: 'stock-direction', description: 'Name of the model in the registry and of the served model' }),
  champion: t.string({ default: 'production', description: 'Model to compare with: an alias, which is looked up when the run begins, a digest, or empty for none' }),
  earlier: t.string({ default: 'now', description: 'Judgements of models of this name before this one; looked up when the run begins, so that nobody has to give it (docs/decisions/0013)' }),
  firstModel: t.enum(['non-inferior', 'superior'], {
    default: 'non-inferior',
    description: 'What a model must show while nothing is in production: "superior" for better than the base rate, "non-inferior" for not worse by more than a margin (docs/decisions/0012)',
  }),
  since: t.string({ default: 'now', description: 'Last entry of the ledger that was made by hand, or back; looked up when the run begins, so that nobody has to give it' }),
};
