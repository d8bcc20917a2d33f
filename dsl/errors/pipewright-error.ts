import type { ErrorCode } from './codes.ts';
import type { SourceLocation } from './location.ts';

/** One thing that is wrong: what, where, and how to mend it. */
export interface Issue {
  readonly code: ErrorCode;
  /** What is wrong, as one sentence without a code. */
  readonly message: string;
  /** What the reader should do, as an imperative sentence. */
  readonly fix: string;
  readonly location?: SourceLocation | undefined;
}

/** The only error class whose text is meant for a user. It may carry several issues, so that all are mended in one go. */
export class PipewrightError extends Error {
  readonly issues: readonly Issue[];

  constructor(issues: Issue | readonly Issue[], options?: ErrorOptions) {
    const list = Array.isArray(issues) ? (issues as readonly Issue[]) : [issues as Issue];
    super(list.map((issue) => `${issue.code}: ${issue.message}`).join('\n'), options);
    this.name = 'PipewrightError';
    this.issues = list;
  }

  get code(): ErrorCode {
    return this.issues[0]!.code;
  }
}
