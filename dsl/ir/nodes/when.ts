import type { SourceLocation } from '../../errors/index.ts';
import type { Expression } from '../expressions/index.ts';
import type { Node } from './index.ts';

/** Runs `then` if the condition holds, else `otherwise` (which may be empty). What does not run is Skipped. */
export interface When {
  readonly kind: 'When';
  readonly id: string;
  readonly condition: Expression;
  readonly then: readonly Node[];
  readonly otherwise: readonly Node[];
  readonly after: readonly string[];
  readonly location?: SourceLocation | undefined;
}
