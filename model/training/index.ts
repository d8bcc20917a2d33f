/** Training: choose a backend, train a model of any family, ask for reference predictions. */
export {
  BACKENDS,
  explainBackend,
  loadBackend,
  type Backend,
  type BackendName,
  type BackendOptions,
  type Refusal,
} from './backend.ts';
export type { EpochReport } from './fitting.ts';
export type { LabelledRows } from './labelled-rows.ts';
export { predictOnBackend } from './predict-on-backend.ts';
export {
  ARCHITECTURES,
  checkSettings,
  CLASS_WEIGHTINGS,
  describeSettings,
  HIDDEN_ACTIVATIONS,
  LOSSES,
  TARGETS,
  type Architecture,
  type ClassWeighting,
  type HiddenActivation,
  type Loss,
  type NetworkSettings,
  type NeuralNetworkSettings,
  type OneUnitSettings,
  type Target,
  type TrainingSettings,
  type TreesSettings,
} from './settings.ts';
export { memberSeeds, trainModel, type TrainedMember, type TrainedModel, type TrainingRequest } from './train.ts';
