import { encodeValue, type ParameterDeclaration, type ValueType } from '../contract/index.ts';
import type { CheckedPipeline, Expression } from '../ir/index.ts';
import { simpleTag, tag } from './expr.ts';
import { isText, type Expressions } from './expression.ts';
import { isPlain, protect, protectText } from './protect.ts';
import { protectedText, type Reader } from './references.ts';
import type { Parameter } from './types.ts';

/** What a call gives to a parameter of the given type: a protected text or a tag that becomes one. */
export function argumentValue(expression: Expression, type: ValueType, expressions: Expressions, reader: Reader): string {
  if (expression.kind === 'Literal') return protectText(encodeValue(type, expression.value));
  const read = expressions.read(expression, reader);
  if (read && isText(expression.type) === isText(type) && !expressions.isUnformed(expression)) {
    return read.plain && read.simple !== undefined ? simpleTag(read.simple) : tag(protectedText(read));
  }
  const text = expressions.text(expression, type, reader);
  return tag(isPlain(expression.type) ? text : protect(text));
}

/** The parameters of the whole pipeline, with their defaults as values. */
export function workflowParameters(pipeline: CheckedPipeline): readonly Parameter[] {
  return Object.entries(pipeline.parameters).map(([name, declaration]) => ({
    name,
    ...(declaration.description === undefined ? {} : { description: declaration.description }),
    // Argo's form offers the texts of `enum` as a choice, and refuses a value that is not among them.
    ...(declaration.type.kind === 'enum' ? { enum: declaration.type.values } : {}),
    ...valueOf(declaration),
  }));
}

function valueOf({ type, default: fallback }: ParameterDeclaration): { value?: string } {
  return fallback === undefined ? {} : { value: encodeValue(type, fallback) };
}
