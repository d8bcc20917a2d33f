import { childrenOf, type ArtifactSource, type Expression } from '../ir/index.ts';
import { unreachable } from '../util/index.ts';
import type { Layout } from './layout.ts';
import type { Reader, References } from './references.ts';
import type { Call } from './scope.ts';

/** What the presence of a value or an artifact hangs on. */
type Shape =
  /** Whatever a call yields. */
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'either'; readonly first: Shape; readonly second: Shape }
  /** What the branch yields that was taken. */
  | { readonly kind: 'branch'; readonly when: string; readonly then: Shape; readonly otherwise: Shape }
  | { readonly kind: 'all'; readonly parts: readonly Shape[] };

/** Prints expressions that yield whether something is there: it is not when a condition around it did not hold. */
export class Presence {
  readonly #layout: Layout;
  readonly #references: References;

  constructor(layout: Layout, references: References) {
    this.#layout = layout;
    this.#references = references;
  }

  /** Undefined where the value always is. */
  ofValue(expression: Expression, reader: Reader): string | undefined {
    return this.#print(this.#shapeOfValue(expression), reader, new Set());
  }

  /** Undefined where the artifact always is. */
  ofArtifact(source: ArtifactSource, reader: Reader): string | undefined {
    return this.#print(this.#shapeOfArtifact(source), reader, new Set());
  }

  /** Whether the first branch was taken. False, too, when the condition was never asked. */
  ofFirstBranch(when: string, reader: Reader): string {
    const first = this.#layout.branchCall(when, 0);
    if (first) return this.#references.ran(first, reader);
    return `!(${this.#references.ran(this.#layout.branchCall(when, 1)!, reader)})`;
  }

  #shapeOfValue(expression: Expression): Shape {
    switch (expression.kind) {
      case 'ResultReference':
        return { kind: 'call', call: this.#layout.taskCall(expression.task) };
      case 'Collection':
        return { kind: 'call', call: this.#layout.loopCall(expression.loop) };
      case 'Fallback':
        return { kind: 'either', first: this.#shapeOfValue(expression.first), second: this.#shapeOfValue(expression.second) };
      case 'Join':
        return { kind: 'branch', when: expression.when, then: this.#shapeOfValue(expression.then), otherwise: this.#shapeOfValue(expression.otherwise) };
      default:
        return { kind: 'all', parts: childrenOf(expression).map((child) => this.#shapeOfValue(child)) };
    }
  }

  #shapeOfArtifact(source: ArtifactSource): Shape {
    switch (source.kind) {
      case 'OutputReference':
        return { kind: 'call', call: this.#layout.taskCall(source.task) };
      case 'ArtifactCollection':
        return { kind: 'call', call: this.#layout.loopCall(source.loop) };
      case 'ArtifactFallback':
        return { kind: 'either', first: this.#shapeOfArtifact(source.first), second: this.#shapeOfArtifact(source.second) };
      case 'ArtifactJoin':
        return { kind: 'branch', when: source.when, then: this.#shapeOfArtifact(source.then), otherwise: this.#shapeOfArtifact(source.otherwise) };
      default:
        return unreachable(source);
    }
  }

  /** `executed`: calls that are known to have been executed where this is evaluated. */
  #print(shape: Shape, reader: Reader, executed: ReadonlySet<Call>): string | undefined {
    switch (shape.kind) {
      case 'call': {
        const guard = this.#references.guardOf(shape.call, reader);
        return guard && !executed.has(guard) ? this.#references.ran(guard, reader) : undefined;
      }
      case 'either': {
        const first = this.#print(shape.first, reader, executed);
        const second = this.#print(shape.second, reader, executed);
        return first && second ? `(${first} || ${second})` : undefined;
      }
      case 'branch':
        return this.#printBranch(shape, reader, executed);
      case 'all':
        return and(shape.parts.map((part) => this.#print(part, reader, executed)));
      default:
        return unreachable(shape);
    }
  }

  /** The one around the condition must have been executed, and the branch that was taken must yield it. */
  #printBranch({ when, then, otherwise }: Shape & { kind: 'branch' }, reader: Reader, executed: ReadonlySet<Call>): string | undefined {
    const [first, second] = [this.#layout.branchCall(when, 0), this.#layout.branchCall(when, 1)];
    const { scope } = (first ?? second)!;
    const isOutside = scope !== reader.scope && !scope.childToward(reader.scope);
    const guard = isOutside && scope.call ? this.#references.guardOf(scope.call, reader) : undefined;
    const inFirst = this.#print(then, reader, first ? new Set([...executed, first]) : executed);
    const inSecond = this.#print(otherwise, reader, second ? new Set([...executed, second]) : executed);
    return and([
      guard && !executed.has(guard) ? this.#references.ran(guard, reader) : undefined,
      inFirst || inSecond ? `(${this.ofFirstBranch(when, reader)} ? ${inFirst ?? 'true'} : ${inSecond ?? 'true'})` : undefined,
    ]);
  }
}

function and(parts: readonly (string | undefined)[]): string | undefined {
  const conditions = [...new Set(parts.filter((part) => part !== undefined))];
  return conditions.length > 1 ? `(${conditions.join(' && ')})` : conditions[0];
}
