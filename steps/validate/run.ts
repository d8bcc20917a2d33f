import { readFile, writeFile } from 'node:fs/promises';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { canonicalJson, digestOf, digestOfJson } from '../../dsl/util/index.ts';
import { applyRules, describeFinding, takeTableRows, type Given, type Table, type Verdict } from '../../model/quality/index.ts';
import { readTable, writeTable } from '../runtime/dataset-table.ts';
import { implementStep } from '../runtime/index.ts';
import { refuseRangeErrors } from '../runtime/refuse.ts';
import { withStoredDataset } from '../runtime/stored-dataset.ts';
import { chooseRules } from './choose-rules.ts';
import { validate } from './contract.ts';
import { figuresOf } from './figures.ts';
import { countWarnings, documentOf, summariseVerdict, warningsOf } from './findings.ts';
import { quarantineLines } from './quarantine.ts';
import { drawReport } from './report/page.ts';
import { summarise } from './summarise.ts';

/** Longer lists of warnings are cut in the log; the report has all of them. */
const LOGGED_WARNINGS = 10;

export default implementStep(validate, async ({ parameters, inputs, outputs, environment, log }) => {
  const { rules: document, asOf, previousDigest, referenceDigest, onStop, ...limits } = parameters;
  const rules = await chooseRules(limits, document, inputs.rulesFile);
  const table = await readTable(inputs.prices);
  const previous = await chooseTable('previous', inputs.previous, previousDigest, environment);
  const reference = await chooseTable('reference', inputs.reference, referenceDigest, environment);
  const given: Given = {
    ...(asOf === '' ? {} : { asOf: demandInstant(asOf) }),
    ...(previous === undefined ? {} : { previous }),
    ...(reference === undefined ? {} : { reference }),
  };
  const verdict = await refuseRangeErrors('PW502', 'Give data with the columns that the rules name, or take them out of the rules.', () => applyRules(table, rules, given));
  const fit = verdict.stops.length === 0;
  if (!fit && onStop === 'fail') throw unfit(table, verdict);

  // Rows of unfit data go nowhere.
  const clean = fit ? verdict.clean : takeTableRows(verdict.clean, []);
  const lost = await writeTable(outputs.clean, clean);
  if (lost.length > 0) log(`Warning: left out ${lost.join(', ')}: a dataset cannot hold a column of this type.`);
  const columns = summarise(verdict.clean);
  const found = documentOf(table, verdict, rules, { cleanDigest: digestOf(await readFile(outputs.clean)), rulesDigest: digestOfJson(rules), asOf: given.asOf, columns });
  await writeFile(outputs.quarantine, quarantineLines(table, verdict));
  await writeFile(outputs.figures, `${canonicalJson(figuresOf(table, verdict))}\n`);
  await writeFile(outputs.findings, `${canonicalJson(found)}\n`);
  await writeFile(outputs.report, drawReport({ table, verdict, rules, given, columns }));

  for (const warning of warningsOf(table, verdict).slice(0, LOGGED_WARNINGS)) log(`Warning: ${warning}.`);
  if (!fit) log(`Not fit for use: ${verdict.stops.join('; ')}.`);
  log(summariseVerdict(table, verdict));
  return { rows: clean.rows, quarantined: verdict.quarantined.length, warnings: countWarnings(verdict), fit };
});

/** The dataset at a path, or the one of the store with a digest. PW501 for both. */
async function chooseTable(name: string, path: string | undefined, digest: string, environment: Readonly<Record<string, string | undefined>>): Promise<Table | undefined> {
  if (digest === '') return path === undefined ? undefined : readTable(path);
  if (path === undefined) return withStoredDataset(digest, environment, readTable);
  throw new PipewrightError({ code: 'PW501', message: `There is a dataset in the parameter "${name}Digest" and in the input "${name}".`, fix: 'Give one of the two.' });
}

/** The pattern of the parameter lets 2020-02-31 pass. */
function demandInstant(asOf: string): string {
  const at = Date.parse(asOf);
  if (!Number.isNaN(at) && new Date(at).toISOString().startsWith(asOf.slice(0, 10))) return asOf;
  throw new PipewrightError({ code: 'PW501', message: `The parameter "asOf" is ${JSON.stringify(asOf)}, which is no day or instant.`, fix: 'Write a day as 2026-01-05 or an instant as 2026-01-05T21:30:00Z.' });
}

/** The outputs of a step that fails are not kept, so the message carries what a person needs to find the rows. */
function unfit(table: Table, { stops, quarantined, outcomes }: Verdict): PipewrightError {
  const broken = outcomes.filter(({ rule, findings }) => rule.severity === 'quarantine' && findings.length > 0);
  const perRule = broken.map(({ rule, findings }) => `${rule.id} ${findings.length} times, first ${describeFinding(findings[0]!, table)}`);
  return new PipewrightError({
    code: 'PW503',
    message: `The data is not fit for use: ${stops.join('; ')}.${quarantined.length > 0 ? ` Broken rules: ${perRule.join('; ')}.` : ''}`,
    fix: 'Correct the source. If what was found is right, raise the limit that stands against it: --param of the pipeline, or a parameter of validate.',
  });
}
