import type { Figures } from '../../dsl/contract/index.ts';
import type { Bars } from '../../model/bars.ts';
import type { Verdict } from './apply-rules.ts';
import { summariseVerdict } from './report.ts';

/** The verdict as figures for the report of the run. */
export function figuresOf(bars: Bars, verdict: Verdict): Figures {
  return {
    format: 'pipewright/figures/1',
    title: 'Quality of the data',
    summary: summariseVerdict(bars, verdict),
    tables: [
      {
        title: 'Rules',
        columns: ['rule', 'if broken', 'findings', 'demand'],
        rows: verdict.outcomes.map(({ rule, findings }) => [rule.id, rule.severity, findings.length, rule.demand]),
        note: 'Each rule sees the rows that those before it left.',
      },
    ],
  };
}
