export type { WiringError } from './arguments.ts';
export type { Artifact, ArtifactList, MaybeArtifact } from './artifact-handle.ts';
export type { Duration } from './duration.ts';
export type { ForEachOptions, GroupOptions, PodPatch, RetryOptions, TaskOptions } from './options.ts';
export { pipeline, type ExitScope, type PipelineOptions, type RootScope } from './pipeline.ts';
export type { Scope } from './scope.ts';
export { format, type Bindable, type MaybeValue, type Value } from './value.ts';
