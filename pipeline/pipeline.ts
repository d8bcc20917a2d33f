/**
 * Stock direction: will the index close higher tomorrow? Twenty years of daily bars, honest evaluation, a gate.
 *
 *   ingest → validate → featurize → train (once per candidate) → evaluate → deploy (if the gate says promote)
 */
import { pipeline } from '../dsl/index.ts';
import { deploy } from '../steps/deploy/contract.ts';
import { evaluate } from '../steps/evaluate/contract.ts';
import { featurize } from '../steps/featurize/contract.ts';
import { ingest } from '../steps/ingest/contract.ts';
import { train } from '../steps/train/contract.ts';
import { validate } from '../steps/validate/contract.ts';
import { params } from './params.ts';

export { prepare } from './prepare.ts';

const description = 'Forecasts the direction of a stock index from daily bars and deploys the model if the gate allows it.';

// The bars of a trading day are there by the next morning: from Tuesday to Saturday, in the market's own time.
const schedule = { cron: '0 6 * * 2-6', timezone: 'America/New_York' } as const;

export default pipeline('stock-direction', { description, params, schedule }, ({ params, task, forEach, when }) => {
  const { source, symbol, digest, from, asOf, adjusted, timeZone, sessionClose, publicationDelayMinutes, baseUrl, allowHttp, previous, restated } = params;
  const { rules, reference, horizonDays, decisionMinutes, seed, costBasisPoints, name, champion, earlier, firstModel, since } = params;

  const where = { source, symbol, digest, from, asOf, baseUrl, allowHttp };
  const meaning = { adjusted, timeZone, sessionClose, publicationDelayMinutes };
  const raw = task(ingest, { ...where, ...meaning, previousDigest: previous, restated }, { retry: { limit: 3, wait: '5s' }, timeout: '10m' });
  const checked = task(validate, { prices: raw.prices, asOf: raw.asOf, rules, previousDigest: previous, referenceDigest: reference });
  const features = task(featurize, { prices: checked.clean, horizonDays, decisionMinutes, publicationDelayMinutes });

  const trained = forEach(params.candidates, (candidate, { task }) =>
    task(train, { features: features.table, definition: features.definition, candidate, seed, name }), { name: 'each-candidate' });

  const verdict = task(evaluate, {
    candidates: trained.model, features: features.table, definition: features.definition, validation: checked.findings, champion, earlier, firstModel, name, costBasisPoints, seed,
  });

  when(verdict.decision.equals('promote'), ({ task }) => {
    // Whatever ended it, the next attempt goes on where it was: no promotion is left without its requests.
    task(deploy, { model: verdict.model, verdict: verdict.verdict, name, since }, { retry: { limit: 1, wait: '5s' } });
  }, { name: 'if-promoted' });
});
