import { CONTAINER_ROOT, pathsBelow, type StepContract } from '../contract/index.ts';
import type { CheckedPipeline, Task } from '../ir/index.ts';
import { canonicalJson } from '../util/index.ts';
import { inputArtifacts, ITEM_PARAMETER, outputArtifacts } from './artifact.ts';
import { containerOf } from './container.ts';
import type { Names } from './names.ts';
import { activeDeadlineSeconds, retryStrategy } from './retry.ts';
import type { Call } from './scope.ts';
import type { ContainerTemplate } from './types.ts';

export interface StepSettings {
  /** The image that a step runs in. */
  readonly image: (contract: StepContract) => string;
  /** The Secret with the variables that steps declare. */
  readonly environmentSecret: string;
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
    const ownTask = call.loop && hasOutputs ? call.name : undefined;
    const isFiledByItem = isInLoop && hasOutputs;
    const shape = shapeOf(task, isFiledByItem, ownTask);
    const known = this.#nameByShape.get(shape);
    if (known !== undefined) return known;
    const name = this.#names.claim(this.#names.isFree(task.step) ? task.step : task.id);
    this.#nameByShape.set(shape, name);
    this.templates.push(this.#make(name, task, contract, isFiledByItem, ownTask));
    return name;
  }

  #make(name: string, task: Task, contract: StepContract, isFiledByItem: boolean, ownTask: string | undefined): ContainerTemplate {
    const parameters = [...Object.keys(contract.parameters), ...(isFiledByItem ? [ITEM_PARAMETER] : [])].map((parameter) => ({ name: parameter }));
    const artifacts = inputArtifacts(contract);
    const inputs = { ...(parameters.length > 0 ? { parameters } : {}), ...(artifacts.length > 0 ? { artifacts } : {}) };
    const outputs = outputsOf(contract, isFiledByItem, ownTask);
    const retry = retryStrategy(task);
    const deadline = activeDeadlineSeconds(task);
    return {
      name,
      ...(contract.description === undefined ? {} : { annotations: describe(contract.description) }),
      ...(Object.keys(inputs).length > 0 ? { inputs } : {}),
      container: containerOf(contract, this.#settings.image(contract), { ...contract.resources, ...task.resources }, this.#settings.environmentSecret),
      ...(Object.keys(outputs).length > 0 ? { outputs } : {}),
      ...(deadline === undefined ? {} : { activeDeadlineSeconds: deadline }),
      ...(retry ? { retryStrategy: retry } : {}),
      ...(task.podPatch ? { podSpecPatch: canonicalJson(task.podPatch) } : {}),
    };
  }
}

function outputsOf(contract: StepContract, isFiledByItem: boolean, ownTask: string | undefined): NonNullable<ContainerTemplate['outputs']> {
  const paths = pathsBelow(CONTAINER_ROOT);
  const parameters = Object.keys(contract.results).map((name) => ({ name, valueFrom: { path: paths.result(name) } }));
  const artifacts = outputArtifacts(contract, ownTask, isFiledByItem);
  return { ...(parameters.length > 0 ? { parameters } : {}), ...(artifacts.length > 0 ? { artifacts } : {}) };
}

/** Everything of a task that its template depends on. The common case is short, so that thousands of tasks cost little. */
function shapeOf({ step, retry, timeoutSeconds, resources, podPatch }: Task, isFiledByItem: boolean, ownTask: string | undefined): string {
  const settings = retry || timeoutSeconds !== undefined || resources || podPatch ? canonicalJson({ retry, timeoutSeconds, resources, podPatch }) : '';
  return [step, isFiledByItem, ownTask ?? '', settings].join('\n');
}

/** What a person reads in Argo's form and graph. Braces stand apart: Argo would read two as a tag. */
export function describe(description: string): Record<string, string> {
  return { 'workflows.argoproj.io/description': description.replaceAll(/\{(?=\{)/g, '{ ') };
}
