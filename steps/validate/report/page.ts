import { createHash } from 'node:crypto';
import { describeFinding, type Given, type RuleOutcome, type RulesDocument, type Table, type Verdict } from '../../../model/quality/index.ts';
import { formatCount, summariseVerdict } from '../findings.ts';
import type { ColumnSummary } from '../summarise.ts';
import { drawDistributions } from './distribution-chart.ts';
import { html, raw, type Insert, type Markup } from '../../../dsl/util/markup.ts';
import { drawPrices } from './price-chart.ts';
import { drawSessions } from './session-chart.ts';
import { STYLE } from './style.ts';

/** Longer lists end with a word on how many there are more; all of them are in the other outputs. */
const SHOWN = 100;
const EXAMPLES = 5;

/** Nothing is fetched, and no style but our own is heeded: markup that slipped through an escape would be dead. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

const CONSEQUENCE = { stop: 'stop', quarantine: 'set aside', warn: 'warn' } as const;

export interface ReportParts {
  /** All rows that came in. */
  readonly table: Table;
  readonly verdict: Verdict;
  readonly rules: RulesDocument;
  readonly given: Given;
  readonly columns: readonly ColumnSummary[];
}

/** One HTML page that needs nothing else: what was found, the data in pictures, and every rule. */
export function drawReport({ table, verdict, rules, given, columns }: ReportParts): string {
  const { outcomes, quarantined, stops } = verdict;
  const hasBars = !outcomes.some(({ rule, findings }) => rule.check === 'columns' && findings.length > 0) && table.rows > 0;
  const distributions = hasBars ? drawDistributions(verdict.clean, given.reference, outcomes) : [];
  const warnings = outcomes.flatMap(({ rule, findings }) => (rule.severity === 'warn' ? findings.map((finding) => `${rule.id}: ${describeFinding(finding, table)}`) : []));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark">
<title>Quality of the data</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>Quality of the data</h1>
<p class="summary${stops.length > 0 ? ' unfit' : ''}">${summariseVerdict(table, verdict)}${stops.length > 0 ? html`<br>Not fit for use: ${stops.join('; ')}.` : undefined}</p>
<p class="facts">${factsOf(rules, given, outcomes)}</p>
${hasBars ? section('The data', drawPrices(table, verdict), drawSessions(table, verdict, rules.calendar)) : undefined}
${distributions.length > 0 ? section('Compared with the reference', html`<div class="grid">${distributions}</div>`) : undefined}
${section('Rules', drawRules(outcomes, table))}
${drawList('Rows set aside', quarantined.map(({ rule, row, reason }) => `${rule}: ${describeFinding({ row, reason }, table)}`))}
${drawList('Warnings', warnings)}
${section('Columns that go on', drawTable(['Column', 'Values', 'Missing', 'Minimum', 'Median', 'Maximum'], columns.map(({ column, finite, missing, minimum, median, maximum }) => [column, finite, missing, minimum, median, maximum])))}
</main>
</body>
</html>
`.text;
}

function factsOf(rules: RulesDocument, { asOf, previous, reference }: Given, outcomes: readonly RuleOutcome[]): string {
  const broken = outcomes.filter(({ findings }) => findings.length > 0).length;
  const skipped = outcomes.filter((one) => one.skipped !== undefined).length;
  const compared = [previous && `previous data of ${formatCount(previous.rows)} rows`, reference && `reference of ${formatCount(reference.rows)} rows`].filter((one) => one !== undefined);
  return `${outcomes.length} rules: ${outcomes.length - broken - skipped} passed, ${broken} broken, ${skipped} not checked. Calendar ${rules.calendar}. As of ${asOf ?? 'no day'}. Compared with ${compared.length === 0 ? 'no other data' : compared.join(' and ')}.`;
}

function section(title: string, ...content: readonly Insert[]): Markup {
  return html`<section><h2>${title}</h2>${content}</section>`;
}

function drawRules(outcomes: readonly RuleOutcome[], table: Table): Markup {
  const rows = outcomes.map(({ rule, demand, findings, skipped }) => {
    const status = skipped !== undefined ? html`<span class="badge">not checked</span>` : findings.length === 0 ? html`<span class="badge passed">passed</span>` : html`<span class="badge ${rule.severity}">${CONSEQUENCE[rule.severity]}</span>`;
    const examples = findings.slice(0, EXAMPLES).map((finding) => html`<li>${describeFinding(finding, table)}</li>`);
    const more = findings.length > EXAMPLES ? html`<li>… and ${formatCount(findings.length - EXAMPLES)} more</li>` : undefined;
    const detail = skipped !== undefined ? html`<p class="note">${skipped}</p>` : findings.length > 0 ? html`<details open><summary>Examples</summary><ul>${examples}${more}</ul></details>` : undefined;
    return html`<tr><th scope="row">${rule.id}</th><td>${CONSEQUENCE[rule.severity]}</td><td>${status}</td><td class="n">${skipped === undefined ? formatCount(findings.length) : '–'}</td><td>${demand}${rule.note === undefined ? undefined : html` <span class="note">${rule.note}</span>`}${detail}</td></tr>
`;
  });
  return html`<div class="scroll"><table><thead><tr><th scope="col">Rule</th><th scope="col">If broken</th><th scope="col">Result</th><th scope="col" class="n">Findings</th><th scope="col">Demand</th></tr></thead><tbody>${rows}</tbody></table></div><p class="note">Each rule sees the rows that those before it left.</p>`;
}

function drawTable(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): Markup {
  const head = columns.map((column, at) => html`<th scope="col"${raw(at > 0 ? ' class="n"' : '')}>${column}</th>`);
  const body = rows.map((row) => html`<tr>${row.map((cell) => (typeof cell === 'number' ? html`<td class="n">${formatCount(cell)}</td>` : html`<th scope="row">${cell}</th>`))}</tr>`);
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function drawList(title: string, sentences: readonly string[]): Markup | undefined {
  if (sentences.length === 0) return undefined;
  const more = sentences.length > SHOWN ? html`<p class="note">… and ${formatCount(sentences.length - SHOWN)} more.</p>` : undefined;
  return section(`${title} (${formatCount(sentences.length)})`, html`<ul>${sentences.slice(0, SHOWN).map((sentence) => html`<li>${sentence}</li>`)}</ul>`, more);
}
