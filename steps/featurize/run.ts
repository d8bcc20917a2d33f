import { readFile, writeFile } from 'node:fs/promises';
import { canonicalJson, digestOf } from '../../dsl/util/index.ts';
import { defaultFeatureSet, joinedFeatures, type FeatureSet } from '../../model/features/index.ts';
import { readDataset, writeDataset } from '../runtime/dataset.ts';
import { implementStep } from '../runtime/implementation.ts';
import { refuseRangeErrors } from '../runtime/refuse.ts';
import { buildTable } from './build-table.ts';
import { featurize } from './contract.ts';
import { defineTable } from './feature-definition.ts';
import { figuresOf, isMostlyLate } from './figures.ts';
import { takeLatest } from './latest-row.ts';
import { readPrices } from './read-prices.ts';

export default implementStep(featurize, async ({ parameters, inputs, outputs, log }) => {
  const { horizonDays, extraName, maximumAgeDays } = parameters;
  const options = { ...parameters, decisionMinutes: parameters.decisionMinutes ?? parameters.publicationDelayMinutes };
  const prices = readPrices(await readDataset(inputs.prices));
  const extra = inputs.extra === undefined ? undefined : readPrices(await readDataset(inputs.extra));
  const set: FeatureSet = extra === undefined ? defaultFeatureSet : { ...defaultFeatureSet, joined: { name: extraName, features: joinedFeatures, maximumAgeDays } };
  const { table, online } = await refuseRangeErrors('PW504', 'Give a longer history, or other shares, times and horizon.', () => ({
    table: buildTable(prices, extra, set, options),
    online: takeLatest(prices, extra, set, options),
  }));
  await writeDataset(outputs.table, table.columns);
  await writeFile(outputs.definition, `${canonicalJson(defineTable(set, { horizonDays, prices: digestOf(await readFile(inputs.prices)), guards: table.guards }))}\n`);
  await writeFile(outputs.online, `${canonicalJson(online)}\n`);
  const figures = figuresOf(table, set, options);
  await writeFile(outputs.figures, `${canonicalJson(figures)}\n`);
  log(figures.summary!);
  if (prices.times === undefined) log('The bars do not say when they could be known: each counts as available at its close.');
  const { late, withoutFeatures } = table.chosen;
  if (late > 0) log(`${isMostlyLate(table) ? 'Warning: ' : ''}${late} rows have the features of an earlier bar: that of their own session was not available ${options.decisionMinutes} minutes after its close.`);
  if (withoutFeatures > 0) log(`${withoutFeatures} sessions were left out: nothing complete and fresh enough was available.`);
  const { test } = table.split;
  return { rows: table.columns['date']!.length, testDays: test.to - test.from };
});
