import { writeFile } from 'node:fs/promises';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { canonicalJson } from '../../dsl/util/index.ts';
import { BAR_COLUMNS, type BarColumn, type Bars } from '../../model/bars.ts';
import { readDataset, writeDataset, type Dataset } from '../runtime/dataset.ts';
import { implementStep } from '../runtime/index.ts';
import { applyRules, describeFinding, type Verdict } from './apply-rules.ts';
import { validate } from './contract.ts';
import { figuresOf } from './figures.ts';
import { countWarnings, drawReport, summariseVerdict } from './report.ts';

/** Longer lists of warnings are cut in the log; the report has all of them. */
const LOGGED_WARNINGS = 10;

export default implementStep(validate, async ({ parameters, inputs, outputs, log }) => {
  const bars = barsOf(await readDataset(inputs.prices));
  const verdict = applyRules(bars, parameters);
  if (verdict.stops.length > 0) throw unfit(bars, verdict);
  await writeDataset(outputs.clean, { ...verdict.clean });
  await writeFile(outputs.quarantine, quarantineLines(bars, verdict));
  await writeFile(outputs.figures, `${canonicalJson(figuresOf(bars, verdict))}\n`);
  await writeFile(outputs.report, drawReport(bars, verdict));

  const warnings = verdict.outcomes.flatMap(({ rule, findings }) => (rule.severity === 'warn' ? findings : []));
  for (const finding of warnings.slice(0, LOGGED_WARNINGS)) log(`Warning: ${describeFinding(finding, bars)}.`);
  log(summariseVerdict(bars, verdict));
  return { rows: verdict.clean.date.length, quarantined: verdict.quarantined.length, warnings: countWarnings(verdict.outcomes) };
});

function barsOf(prices: Dataset): Bars {
  const numbers = Object.fromEntries(BAR_COLUMNS.map((column) => [column, prices.numbers(column)])) as Record<BarColumn, Float64Array>;
  return { date: prices.texts('date'), ...numbers };
}

/** One line per row that was set aside, with its values: nothing is lost. Numbers that JSON cannot carry are texts. */
function quarantineLines(bars: Bars, { quarantined }: Verdict): string {
  const shown = (value: number): number | string => (Number.isFinite(value) ? value : String(value));
  const lines = quarantined.map(({ row, rule, reason }) => {
    const numbers = BAR_COLUMNS.map((column) => [column, shown(bars[column][row]!)]);
    return `${canonicalJson({ row, rule, reason, bar: { date: bars.date[row], ...Object.fromEntries(numbers) } })}\n`;
  });
  return lines.join('');
}

/** The outputs of a step that fails are not kept, so the message carries what a person needs to find the rows. */
function unfit(bars: Bars, { stops, quarantined, outcomes }: Verdict): PipewrightError {
  const broken = outcomes.filter(({ rule, findings }) => rule.severity === 'quarantine' && findings.length > 0);
  const perRule = broken.map(({ rule, findings }) => `${rule.id} ${findings.length} times, first ${describeFinding(findings[0]!, bars)}`);
  return new PipewrightError({
    code: 'PW503',
    message: `The data is not fit for use: ${stops.join('; ')}.${quarantined.length > 0 ? ` Broken rules: ${perRule.join('; ')}.` : ''}`,
    fix: 'Correct the source. If what was found is right, raise the limit that stands against it: --param of the pipeline, or a parameter of validate.',
  });
}
