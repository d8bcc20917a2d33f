import type { ScoreKind } from '../calibration/index.ts';
import { checkNetwork, type Network } from './network.ts';
import { checkTrees, type BoostedTrees } from './trees.ts';

/** What training makes: one or more members of one family, each trained with its own seed. A row's score is the mean of theirs. */
export type Estimator =
  | { readonly kind: 'networks'; readonly members: readonly Network[] }
  | { readonly kind: 'trees'; readonly members: readonly BoostedTrees[] };

/** Columns of a row. Throws RangeError unless there is a member, all take the same number of columns, and each is sound. */
export function inputsOf(estimator: Estimator): number {
  if (estimator.kind === 'networks') estimator.members.forEach(checkNetwork);
  else estimator.members.forEach(checkTrees);
  const [first, ...others] = estimator.members.map(({ inputs }) => inputs);
  if (first === undefined) throw new RangeError('A model needs at least one member.');
  const odd = others.find((inputs) => inputs !== first);
  if (odd !== undefined) throw new RangeError(`One member of the model takes ${first} features and another ${odd}.`);
  return first;
}

/**
 * Throws RangeError unless the estimator answers what is expected. A network of direction ends in a sigmoid and one of
 * return in nothing, so that `model.json` alone says what comes out of it.
 */
export function checkAnswer(estimator: Estimator, { kind }: ScoreKind): void {
  if (estimator.kind !== 'networks') return;
  const wanted = kind === 'return' ? 'linear' : 'sigmoid';
  for (const { layers } of estimator.members) {
    const { activation } = layers.at(-1)!;
    if (activation !== wanted) throw new RangeError(`The last layer of the network has the activation ${activation}; a model of ${kind === 'return' ? 'return' : 'direction'} needs ${wanted}.`);
  }
}
