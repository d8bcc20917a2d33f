/**
 * The same question for several symbols at once: each has its own data, models and verdict. Nothing is deployed.
 *
 *   for each symbol: ingest → validate → featurize → train (once per candidate) → evaluate
 *
 *     npx pipewright run pipeline/symbols.ts --param source=yahoo: --param 'symbols=["^GSPC", "IBM"]'
 */
import { pipeline, t } from '../dsl/index.ts';
import { evaluate } from '../steps/evaluate/contract.ts';
import { featurize } from '../steps/featurize/contract.ts';
import { ingest } from '../steps/ingest/contract.ts';
import { train } from '../steps/train/contract.ts';
import { validate } from '../steps/validate/contract.ts';
import { dataParams, params as ofOne } from './params.ts';

/** Each symbol has its own content, so no digest is asked for. */
export { prepareSource as prepare } from './prepare-source.ts';

const { digest: _, ...data } = dataParams;
const { candidates, horizonDays, decisionMinutes, seed, costBasisPoints } = ofOne;
const params = {
  ...data,
  source: t.string({ default: 'synthetic:signal?days=1500&seed={symbol}', description: 'As of stock-direction; {symbol} stands for each symbol, or yahoo: and alphavantage: without one' }),
  symbols: t.list(t.string(), { default: ['1', '2', '3'], description: 'What the bars are of' }),
  candidates, horizonDays, decisionMinutes, seed, costBasisPoints,
};

const description = 'Forecasts the direction of several symbols, each by itself, and says of each what the gate would decide.';

export default pipeline('symbols', { description, params }, ({ params, forEach }) => {
  const { symbols, candidates, horizonDays, decisionMinutes, seed, costBasisPoints, rules, ...where } = params;

  // A market data service refuses who asks for many at once.
  forEach(symbols, (symbol, { task, forEach }) => {
    const raw = task(ingest, { ...where, symbol }, { retry: { limit: 3, wait: '5s' }, timeout: '10m' });
    const checked = task(validate, { prices: raw.prices, asOf: raw.asOf, rules });
    const features = task(featurize, { prices: checked.clean, horizonDays, decisionMinutes, publicationDelayMinutes: where.publicationDelayMinutes });
    const trained = forEach(candidates, (candidate, { task }) => task(train, { features: features.table, definition: features.definition, candidate, seed }), { name: 'each-candidate' });
    task(evaluate, { candidates: trained.model, features: features.table, definition: features.definition, validation: checked.findings, costBasisPoints, seed });
  }, { name: 'each-symbol', parallelism: 2 });
});
