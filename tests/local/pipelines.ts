import { pipeline as build, type RootScope } from '../../dsl/build/index.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import { defineContainerStep, type InputPorts, type OutputPorts, type ParameterPorts, type Resources, type ResultPorts, type Step } from '../../dsl/contract/index.ts';
import type { CheckedPipeline, Pipeline } from '../../dsl/ir/index.ts';

/** Builds and checks a pipeline in one go. */
export function checked<const P extends ParameterPorts = {}>(name: string, params: P, body: (scope: RootScope<P>) => void, options: { parallelism?: number; timeout?: `${number}s` } = {}): CheckedPipeline {
  return demandChecked(build(name, { params, ...options }, body) as Pipeline);
}

/** A step of one shell line. `$1`, `$2`, … are its parameters, inputs, outputs and results, in this order and as declared. */
export function shell<
  const P extends ParameterPorts = {}, const I extends InputPorts = {}, const O extends OutputPorts = {}, const R extends ResultPorts = {},
>(name: string, script: string, ports: { parameters?: P; inputs?: I; outputs?: O; results?: R; environment?: readonly string[]; image?: string; resources?: Resources } = {}): Step<P, I, O, R> {
  return defineContainerStep<P, I, O, R>({
    name,
    image: 'busybox',
    ...ports,
    command: ({ parameter, input, output, result }) => [
      'sh', '-c', script, name,
      ...Object.keys(ports.parameters ?? {}).map((port) => parameter(port as keyof P & string)),
      ...Object.keys(ports.inputs ?? {}).map((port) => input(port as keyof I & string)),
      ...Object.keys(ports.outputs ?? {}).map((port) => output(port as keyof O & string)),
      ...Object.keys(ports.results ?? {}).map((port) => result(port as keyof R & string)),
    ],
  });
}
