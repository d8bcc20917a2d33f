import type { Network } from '../../../model/predictor/index.ts';
import { trainModel, type Backend, type TrainedMember, type TrainingRequest } from '../../../model/training/index.ts';

export interface TrainedNetwork extends TrainedMember {
  readonly network: Network;
  readonly backend: { readonly name: string; readonly version: string };
}

/** A model of one network, with the record of its one member. */
export async function trainNetwork({ backend, ...request }: Omit<TrainingRequest, 'backend'> & { readonly backend: Backend }): Promise<TrainedNetwork> {
  const trained = await trainModel({ ...request, backend: async () => backend });
  if (trained.estimator.kind !== 'networks') throw new RangeError('This is no network.');
  return { ...trained.members[0]!, network: trained.estimator.members[0]!, backend: trained.backend };
}
