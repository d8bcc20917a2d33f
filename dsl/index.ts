/*
 * Pipewright's public names.
 *
 *   contracts    defineStep, defineContainerStep    what a step is: name, image, ports
 *                t, artifact                        types of parameters and results, kinds of artifacts
 *   authoring    pipeline                           describes a graph; inside: task, when, forEach, onExit, params
 *                format                             joins texts and values
 *   checking     check                              IR in, all issues out; the only way to a CheckedPipeline
 *
 * Backends are entries of their own, so that a pipeline file loads none:
 *
 *   pipewright/argo    compileToArgo, emit          to Argo Workflows YAML
 *   pipewright/local   runPipeline and what is beside it: executors, runs, explanations
 */
export { artifact, defineContainerStep, defineStep, t } from './contract/index.ts';
export type { ArtifactType, Figures, Step, StepContract, ValueType } from './contract/index.ts';
export { check, demandChecked, type CheckResult } from './check/index.ts';
export { format, pipeline } from './build/index.ts';
export type { Artifact, ArtifactList, Bindable, Duration, MaybeArtifact, MaybeValue, PodPatch, Scope, TaskOptions, Value } from './build/index.ts';
export type { CheckedPipeline, Pipeline } from './ir/index.ts';
export { formatIssues, PipewrightError, type Issue } from './errors/index.ts';
