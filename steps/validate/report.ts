import type { Bars } from '../../model/bars.ts';
import { describeFinding, type RuleOutcome, type Verdict } from './apply-rules.ts';
import { summarise } from './summarise.ts';

/** Longer lists end with a word on how many there are more; all of them are in quarantine.ndjson. */
const SHOWN = 100;

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1.5rem; }
th, td { text-align: left; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.found { font-weight: 600; } svg { width: 100%; height: auto; } .note { opacity: 0.7; }
`;

/**
 * One HTML page that needs nothing else: what was demanded, what was found, and the data at a glance. `bars` are all rows
 * that came in.
 */
export function drawReport(bars: Bars, verdict: Verdict): string {
  const { outcomes, clean, quarantined } = verdict;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Quality of the data</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Quality of the data</h1>
<p>${escape(summariseVerdict(bars, verdict))}</p>
<h2>Rules</h2>
${drawTable(['Rule', 'If broken', 'Demand', 'Findings'], outcomes.map(ruleRow))}
${drawFindings('Rows set aside', quarantined.map(({ rule, row, reason }) => `${rule}: ${describeFinding({ row, reason }, bars)}`))}
${drawFindings('Warnings', outcomes.flatMap(({ rule, findings }) => (rule.severity === 'warn' ? findings.map((finding) => `${rule.id}: ${describeFinding(finding, bars)}`) : [])))}
<h2>Data that goes on</h2>
${drawClose(clean)}
${drawTable(['Column', 'Minimum', 'Median', 'Maximum'], summarise(clean).map(({ column, minimum, median, maximum }) => [column, minimum, median, maximum]))}
</body>
</html>
`;
}

/** `5,105 rows from 2000-01-03 to 2020-04-17: 5,105 go on, 0 are set aside, 0 warnings.` */
export function summariseVerdict(bars: Bars, { clean, quarantined, outcomes }: Verdict): string {
  const range = clean.date.length === 0 ? '' : ` from ${clean.date[0]} to ${clean.date.at(-1)}`;
  return `${count(bars.date.length)} rows${range}: ${count(clean.date.length)} go on, ${count(quarantined.length)} are set aside, ${count(countWarnings(outcomes))} warnings.`;
}

export function countWarnings(outcomes: readonly RuleOutcome[]): number {
  return outcomes.reduce((sum, { rule, findings }) => sum + (rule.severity === 'warn' ? findings.length : 0), 0);
}

function ruleRow({ rule, findings }: RuleOutcome): (string | number)[] {
  return [rule.id, { stop: 'stop', quarantine: 'set aside', warn: 'warn' }[rule.severity], rule.demand, findings.length];
}

function drawTable(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => (typeof value === 'number' ? `<td class="number">${count(value)}</td>` : `<td>${escape(value)}</td>`);
  const head = columns.map((column) => `<th>${escape(column)}</th>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')}</tbody></table>`;
}

function drawFindings(title: string, sentences: readonly string[]): string {
  if (sentences.length === 0) return '';
  const more = sentences.length > SHOWN ? `<p class="note">… and ${count(sentences.length - SHOWN)} more.</p>` : '';
  return `<h2>${escape(title)} (${count(sentences.length)})</h2><ul>${sentences.slice(0, SHOWN).map((sentence) => `<li>${escape(sentence)}</li>`).join('\n')}</ul>${more}`;
}

/** The close over time as a line of at most some hundred points. */
function drawClose({ date, close }: Bars): string {
  const [width, height, step] = [960, 240, Math.max(1, Math.ceil(date.length / 480))];
  const low = close.reduce((least, value) => Math.min(least, value), Infinity);
  const high = close.reduce((most, value) => Math.max(most, value), -Infinity);
  const x = (row: number): string => ((row / Math.max(1, date.length - 1)) * width).toFixed(1);
  const y = (value: number): string => (height - ((value - low) / (high - low || 1)) * height).toFixed(1);
  const points: string[] = [];
  for (let row = 0; row < date.length; row += step) points.push(`${x(row)},${y(close[row]!)}`);
  const label = `Close from ${date[0]} to ${date.at(-1)}, between ${low} and ${high}`;
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(label)}"><polyline fill="none" stroke="currentColor" points="${points.join(' ')}"/></svg><p class="note">${escape(label)}.</p>`;
}

/** With commas between thousands, on every machine the same. */
function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
