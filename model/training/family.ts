import type { BoostedTrees, Estimator, Network } from '../predictor/index.ts';
import type { Backend } from './backend.ts';
import { fitNetwork } from './fit-network.ts';
import type { Fitted, FittingRequest } from './fitting.ts';
import type { LabelScale } from './labelled-rows.ts';
import type { NetworkSettings, TrainingSettings, TreesSettings } from './settings.ts';
import { fitTrees } from './trees/fit-trees.ts';

/** A kind of model: how one member is fitted, and what its members come to together. */
export interface Family<Settings extends TrainingSettings, Member> {
  /** What computes. */
  readonly backend: { readonly name: string; readonly version: string };
  fit(request: FittingRequest<Settings>): Promise<Fitted<Member>>;
  /** The member that answers in returns, from one that answers in scaled returns. */
  unscale(member: Member, scale: LabelScale): Member;
  assemble(members: readonly Member[]): Estimator;
}

/** Whatever TensorFlow.js trains. */
export function networksOn(backend: Backend): Family<NetworkSettings, Network> {
  return {
    backend: { name: backend.name, version: backend.version },
    fit: (request) => fitNetwork(backend, request),
    unscale: ({ inputs, layers }, { mean, deviation }) => {
      const last = layers.at(-1)!;
      const kernel = last.kernel.map((weight) => weight * deviation);
      const bias = last.bias.map((weight) => weight * deviation + mean);
      return { inputs, layers: [...layers.slice(0, -1), { ...last, kernel, bias }] };
    },
    assemble: (members) => ({ kind: 'networks', members }),
  };
}

/** Our own; no library, and the same bits everywhere. The version is raised with any change that gives other bits. */
export const TREES: Family<TreesSettings, BoostedTrees> = {
  backend: { name: 'pipewright-trees', version: '1' },
  fit: fitTrees,
  unscale: (trees, { mean, deviation }) => ({
    ...trees,
    base: trees.base * deviation + mean,
    number: trees.number.map((number, node) => (trees.column[node] === -1 ? number * deviation : number)),
  }),
  assemble: (members) => ({ kind: 'trees', members }),
};
