import { formatLocation } from './location.ts';
import type { Issue } from './pipewright-error.ts';

/**
 * The text of one issue:
 *
 *     error PW101 pipeline.ts:12:5
 *       Task "train" …
 *       → Give it …
 */
export function formatIssue(issue: Issue): string {
  const where = issue.location ? ` ${formatLocation(issue.location)}` : '';
  return `error ${issue.code}${where}\n  ${issue.message.replaceAll('\n', '\n  ')}\n  → ${issue.fix.replaceAll('\n', '\n    ')}`;
}

export function formatIssues(issues: readonly Issue[]): string {
  return issues.map(formatIssue).join('\n\n');
}
