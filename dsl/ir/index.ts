export { describeSource, outputsIn } from './artifact-source.ts';
export type { ArtifactCollection, ArtifactFallback, ArtifactJoin, ArtifactSource, OutputReference } from './artifact-source.ts';
export { childrenOf, describeExpression, isExpression } from './expressions/index.ts';
export type {
  Arithmetic, ArithmeticOperator, Collection, Comparison, ComparisonOperator, Expression, Fallback, Format, ItemReference, Join, Literal, Logic, MemberAccess,
  Negation, ParameterReference, ResultReference, RunStatus,
} from './expressions/index.ts';
export { expressionsOf, indexNodes, referencesOf, siblingDependencies, sortScope, walkExpression, type Place } from './graph.ts';
export { scopesOf } from './nodes/index.ts';
export type { ForEach, Group, Node, NodeKind, Retry, Task, When } from './nodes/index.ts';
export { IR_VERSION } from './pipeline.ts';
export type { CheckedPipeline, Pipeline } from './pipeline.ts';
export type { Schedule } from './schedule.ts';
