import { writeFile } from 'node:fs/promises';
import { canonicalJson } from '../../dsl/util/index.ts';
import { BAR_COLUMNS, type BarColumn, type Bars } from '../../model/bars.ts';
import { defaultFeatureSet } from '../../model/features/index.ts';
import { readDataset, writeDataset, type Dataset } from '../runtime/dataset.ts';
import { implementStep } from '../runtime/implementation.ts';
import { refuseRangeErrors } from '../runtime/refuse.ts';
import { buildTable } from './build-table.ts';
import { featurize } from './contract.ts';
import { describeFeatures } from './feature-definition.ts';
import { figuresOf } from './figures.ts';

export default implementStep(featurize, async ({ parameters, inputs, outputs, log }) => {
  const bars = barsOf(await readDataset(inputs.prices));
  const set = defaultFeatureSet;
  const table = await refuseRangeErrors('PW504', 'Give a longer history, or other shares and horizon.', () => buildTable(bars, set, parameters));
  await writeDataset(outputs.table, table.columns);
  await writeFile(outputs.definition, `${canonicalJson(describeFeatures(set, parameters.horizonDays))}\n`);
  const figures = figuresOf(table, set, parameters.horizonDays);
  await writeFile(outputs.figures, `${canonicalJson(figures)}\n`);
  log(figures.summary!);
  const { test } = table.split;
  return { rows: table.columns['date']!.length, testDays: test.to - test.from };
});

function barsOf(prices: Dataset): Bars {
  const numbers = Object.fromEntries(BAR_COLUMNS.map((column) => [column, prices.numbers(column)])) as Record<BarColumn, Float64Array>;
  return { date: prices.texts('date'), ...numbers };
}
