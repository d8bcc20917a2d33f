import { CONTAINER_ROOT, pathsBelow, STEP_RECORD, type StepContract } from '../contract/index.ts';
import type { CheckedPipeline, Task } from '../ir/index.ts';
import { canonicalJson } from '../util/index.ts';
import { inputArtifacts, ITEM_PARAMETER, mixesAttempts, outputArtifacts } from './artifact.ts';
import { containerOf, isModule } from './container.ts';
import { simpleTag } from './expr.ts';
import type { Names } from './names.ts';
import { activeDeadlineSeconds, retryStrategy } from './retry.ts';
import type { Call } from './scope.ts';
import type { ContainerTemplate, Parameter } from './types.ts';

export interface StepSettings {
  /** The image that a step runs in. */
  readonly image: (contract: StepContract) => string;
  /** The Secret with the variables that steps declare. */
  readonly environmentSecret: string;
  /** The image of the model server. */
  readonly servingImage: string | undefined;
}

/** What a template knows of the place in which its tasks stand. */
interface Placing {
  /** Its outputs are filed by item. */
  readonly isFiledByItem: boolean;
  /** It is told which item it is for. */
  readonly takesItem: boolean;
  /** The name of its only task, where its outputs are filed under it; else Argo knows it. */
  readonly ownTask: string | undefined;
  /** What its pod is told about the name of its only task; else Argo knows it. */
  readonly told: string | undefined;
}

/** The templates of steps, each once: two tasks that differ in nothing but their arguments share one. */
export class StepTemplates {
  readonly #pipeline: CheckedPipeline;
  readonly #settings: StepSettings;
  readonly #names: Names;
  readonly #nameByShape = new Map<string, string>();
  readonly templates: ContainerTemplate[] = [];

  constructor(pipeline: CheckedPipeline, settings: StepSettings, names: Names) {
    this.#pipeline = pipeline;
    this.#settings = settings;
    this.#names = names;
  }

  contractOf(task: Task): StepContract {
    return this.#pipeline.steps[task.step]!;
  }

  /** The name of the template for a task; it is made when the first task needs it. */
  nameFor(task: Task, call: Call, isInLoop: boolean): string {
    const contract = this.contractOf(task);
    const hasOutputs = Object.keys(contract.outputs).length > 0;
    const placing: Placing = {
      isFiledByItem: isInLoop && hasOutputs,
      takesItem: takesItem(contract, isInLoop),
      ownTask: call.loop && hasOutputs ? call.name : undefined,
      // Of a task in a loop Argo's name has the item in it, of one called like a keyword it is another.
      told: isModule(contract) && (call.loop !== undefined || call.name !== task.id) ? task.id : undefined,
    };
    const shape = shapeOf(task, placing);
    const known = this.#nameByShape.get(shape);
    if (known !== undefined) return known;
    const name = this.#names.claim(this.#names.isFree(task.step) ? task.step : task.id);
    this.#nameByShape.set(shape, name);
    this.templates.push(this.#make(name, task, contract, placing));
    return name;
  }

  #make(name: string, task: Task, contract: StepContract, placing: Placing): ContainerTemplate {
    const parameters = [...Object.keys(contract.parameters), ...(placing.takesItem ? [ITEM_PARAMETER] : [])].map((parameter) => ({ name: parameter }));
    const artifacts = inputArtifacts(contract);
    const inputs = { ...(parameters.length > 0 ? { parameters } : {}), ...(artifacts.length > 0 ? { artifacts } : {}) };
    const outputs = outputsOf(contract, task, placing);
    const retry = retryStrategy(task);
    const deadline = activeDeadlineSeconds(task);
    // Argo hands on only the "no" of `automountServiceAccountToken` to the pod; an account that says "no" needs a "yes".
    const patch = contract.serviceAccount === undefined ? task.podPatch : { automountServiceAccountToken: true, ...task.podPatch };
    return {
      name,
      ...(contract.description === undefined ? {} : { annotations: describe(contract.description) }),
      ...(Object.keys(inputs).length > 0 ? { inputs } : {}),
      container: containerOf(contract, this.#settings.image(contract), { ...contract.resources, ...task.resources }, {
        ...this.#settings,
        task: placing.told ?? simpleTag('tasks.name'),
        item: placing.takesItem ? simpleTag(`inputs.parameters.${ITEM_PARAMETER}`) : undefined,
        caches: task.cache,
      }),
      ...(Object.keys(outputs).length > 0 ? { outputs } : {}),
      ...(deadline === undefined ? {} : { activeDeadlineSeconds: deadline }),
      ...(retry ? { retryStrategy: retry } : {}),
      ...(contract.serviceAccount === undefined ? {} : { serviceAccountName: contract.serviceAccount, automountServiceAccountToken: true as const }),
      ...(patch === undefined ? {} : { podSpecPatch: canonicalJson(patch) }),
    };
  }
}

/** Whether a step in a loop is told its item: where something is filed by it, and where our harness names the instance. */
export function takesItem(contract: StepContract, isInLoop: boolean): boolean {
  return isInLoop && (Object.keys(contract.outputs).length > 0 || isModule(contract));
}

function outputsOf(contract: StepContract, task: Task, { isFiledByItem, ownTask }: Placing): NonNullable<ContainerTemplate['outputs']> {
  const paths = pathsBelow(CONTAINER_ROOT);
  const parameters: Parameter[] = Object.keys(contract.results).map((name) => ({ name, valueFrom: { path: paths.result(name) } }));
  // What the harness did; nothing where it could not ask a store.
  if (isModule(contract)) parameters.push({ name: STEP_RECORD, valueFrom: { path: paths.result(STEP_RECORD), default: '' } });
  const artifacts = outputArtifacts(contract, { task: ownTask, isInLoop: isFiledByItem, isByAttempt: mixesAttempts(contract, task) });
  return { ...(parameters.length > 0 ? { parameters } : {}), ...(artifacts.length > 0 ? { artifacts } : {}) };
}

/** Everything of a task that its template depends on. The common case is short, so that thousands of tasks cost little. */
function shapeOf({ step, retry, timeoutSeconds, resources, podPatch, cache }: Task, { isFiledByItem, takesItem: hasItem, ownTask, told }: Placing): string {
  const settings = retry || timeoutSeconds !== undefined || resources || podPatch ? canonicalJson({ retry, timeoutSeconds, resources, podPatch }) : '';
  return [step, isFiledByItem, hasItem, ownTask ?? '', told ?? '', cache, settings].join('\n');
}

/** What a person reads in Argo's form and graph. Braces stand apart: Argo would read two as a tag. */
export function describe(description: string): Record<string, string> {
  return { 'workflows.argoproj.io/description': description.replaceAll(/\{(?=\{)/g, '{ ') };
}
