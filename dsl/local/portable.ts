import { basename } from 'node:path';
import type { StepContract } from '../contract/index.ts';
import type { Node, Pipeline } from '../ir/index.ts';

/** The pipeline without paths of the author's machine: what is written into a run's folder means the same anywhere. */
export function portable(pipeline: Pipeline): Pipeline {
  const { location: _location, ...rest } = pipeline;
  return {
    ...rest,
    steps: Object.fromEntries(Object.entries(pipeline.steps).map(([name, contract]) => [name, portableContract(contract)])),
    body: pipeline.body.map(portableNode),
    onExit: pipeline.onExit.map(portableNode),
  };
}

function portableContract(contract: StepContract): StepContract {
  return contract.program.kind === 'module' ? { ...contract, program: { kind: 'module', entry: basename(contract.program.entry) } } : contract;
}

function portableNode(node: Node): Node {
  const { location: _location, ...rest } = node;
  switch (rest.kind) {
    case 'Task':
      return rest;
    case 'When':
      return { ...rest, then: rest.then.map(portableNode), otherwise: rest.otherwise.map(portableNode) };
    case 'ForEach':
      return { ...rest, body: rest.body.map(portableNode) };
  }
}
