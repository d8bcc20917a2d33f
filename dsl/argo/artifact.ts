import { isDirectory, pathsBelow, CONTAINER_ROOT, type StepContract } from '../contract/index.ts';
import type { OutputReference, Task } from '../ir/index.ts';
import { simpleTag } from './expr.ts';
import type { Layout } from './layout.ts';
import { portName } from './names.ts';
import type { Reader } from './references.ts';
import type { Scope } from './scope.ts';
import type { Artifact } from './types.ts';

/*
 * Artifacts lie in the artifact repository under keys that a person can find:
 *
 *     <workflow>/<uid>/<task>/<output>                    a file
 *     <workflow>/<uid>/<task>/<output>/…                  a folder
 *     <workflow>/<uid>/<task>/<output>/000003             the file of item 3; in two loops 000003/000001
 *     <workflow>/<uid>/<task>/<output>/0/…                a folder of a program that is not ours, by attempt, if it has retries
 *
 * So all items of a loop share a prefix, and taking that prefix as a folder is the fan-in that Argo itself does not have
 * (argoproj/argo-workflows#934). Nothing is archived: an object is the file itself. Keys of folders end in a slash, which
 * Argo's garbage collection needs.
 */

const NO_ARCHIVE = { none: {} } as const;
const RUN = `${simpleTag('workflow.name')}/${simpleTag('workflow.uid')}`;

/** The parameter that tells a step inside a loop which item it is for. No port of a contract begins with `_`. */
export const ITEM_PARAMETER = '_item';

/** The prefix that all items of a task's output share. */
export function collectionKey(task: string, output: string, outer: readonly string[]): string {
  return `${[RUN, task, output, ...outer].join('/')}/`;
}

/**
 * The output artifacts of a step's template. `task` is the name of the task where the template serves only one; else
 * Argo knows it. It does not for the step of a loop: there `tasks.name` has the item in it.
 */
export function outputArtifacts(
  contract: StepContract, { task, isInLoop, isByAttempt }: { readonly task: string | undefined; readonly isInLoop: boolean; readonly isByAttempt: boolean },
): readonly Artifact[] {
  const paths = pathsBelow(CONTAINER_ROOT);
  return Object.entries(contract.outputs).map(([name, { artifact }]) => {
    const folders = [RUN, task ?? simpleTag('tasks.name'), name, ...(isInLoop ? [simpleTag(`inputs.parameters.${ITEM_PARAMETER}`)] : [])];
    if (isByAttempt && isDirectory(artifact)) folders.push(simpleTag('retries'));
    return {
      name,
      path: paths.output(name),
      archive: NO_ARCHIVE,
      s3: { key: `${folders.join('/')}${isDirectory(artifact) ? '/' : ''}` },
    };
  });
}

/**
 * Whether attempts of a task could mix in a folder: Argo uploads what a failed attempt left, file by file. Our harness
 * leaves nothing then; folders of other programs are filed by attempt.
 */
export function mixesAttempts(contract: StepContract, task: Task): boolean {
  return contract.program.kind === 'command' && (task.retry?.limit ?? 0) > 0 && Object.values(contract.outputs).some(({ artifact }) => isDirectory(artifact));
}

/** The input artifacts of a step's template. For an optional one that is not given, Argo makes no path in the pod. */
export function inputArtifacts(contract: StepContract): readonly Artifact[] {
  const paths = pathsBelow(CONTAINER_ROOT);
  return Object.entries(contract.inputs).map(([name, { optional }]) => ({ name, path: paths.input(name), ...(optional ? { optional } : {}) }));
}

/** All items of a loop as one folder. Of an empty list there is nothing in the repository; Argo then makes an empty folder. */
export function collectionArgument(name: string, key: string, isOptional: boolean): Artifact {
  return { name, archive: NO_ARCHIVE, s3: { key }, ...(isOptional ? { optional: true } : {}) };
}

/** How an artifact is reached from a place, and whether it may be absent. */
export interface ReadArtifact {
  readonly from: string;
  readonly maybe: boolean;
}

/** The mirror of `References.result`, for artifacts. */
export function readArtifact(layout: Layout, { task, output }: OutputReference, reader: Reader): ReadArtifact {
  const call = layout.taskCall(task);
  const port = portName(task, output);
  const read = (at: Reader): ReadArtifact => {
    const { scope } = at;
    if (scope === call.scope) {
      at.call?.dependencies.add(call.name);
      return { from: simpleTag(`tasks.${call.name}.outputs.artifacts.${output}`), maybe: call.condition !== undefined };
    }
    const child = scope.childToward(call.scope);
    if (child) {
      const inner = read({ scope: child, call: undefined });
      leaveArtifact(child, port, inner);
      at.call?.dependencies.add(child.call!.name);
      return { from: simpleTag(`tasks.${child.call!.name}.outputs.artifacts.${port}`), maybe: inner.maybe || child.call!.condition !== undefined };
    }
    const outer = read({ scope: scope.parent!, call: scope.call });
    enterArtifact(scope, port, outer);
    return { from: simpleTag(`inputs.artifacts.${port}`), maybe: outer.maybe };
  };
  return read(reader);
}

function leaveArtifact(scope: Scope, name: string, { from, maybe }: ReadArtifact): void {
  if (!scope.leavingArtifacts.has(name)) scope.leavingArtifacts.set(name, { name, from, ...(maybe ? { optional: true } : {}) });
}

function enterArtifact(scope: Scope, name: string, { from, maybe }: ReadArtifact): void {
  if (scope.enteringArtifacts.has(name)) return;
  const optional = maybe ? { optional: true as const } : {};
  scope.enteringArtifacts.set(name, { port: { name, ...optional }, argument: { name, from, ...optional } });
}
