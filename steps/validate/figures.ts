import type { Figures } from '../../dsl/contract/index.ts';
import type { Table, Verdict } from '../../model/quality/index.ts';
import { summariseVerdict } from './findings.ts';

/** The verdict as figures for the report of the run. */
export function figuresOf(table: Table, verdict: Verdict): Figures {
  return {
    format: 'pipewright/figures/1',
    title: 'Quality of the data',
    summary: summariseVerdict(table, verdict),
    tables: [
      {
        title: 'Rules',
        columns: ['rule', 'if broken', 'findings', 'demand'],
        rows: verdict.outcomes.map(({ rule, findings, skipped, demand }) => [rule.id, rule.severity, skipped === undefined ? findings.length : null, skipped === undefined ? demand : `${demand} Not checked: ${skipped}.`]),
        note: 'Each rule sees the rows that those before it left.',
      },
    ],
  };
}
