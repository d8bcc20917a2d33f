import type { SourceLocation } from '../../errors/index.ts';
import type { ValueType } from '../../contract/index.ts';
import type { Expression } from '../expressions/index.ts';
import type { Node } from './index.ts';

/** Runs its body once for each item of a list. An empty list: the loop is Skipped and its collections are empty. */
export interface ForEach {
  readonly kind: 'ForEach';
  readonly id: string;
  /** An expression whose type is a list. */
  readonly items: Expression;
  readonly itemType: ValueType;
  /** How many items may run at once; without it, as many as there is room for. */
  readonly parallelism?: number;
  readonly body: readonly Node[];
  readonly after: readonly string[];
  readonly location?: SourceLocation | undefined;
}
