/** Training on TensorFlow.js: choose a backend, train, ask for reference predictions. */
export {
  BACKENDS,
  explainBackend,
  loadBackend,
  type Backend,
  type BackendName,
  type BackendOptions,
  type Refusal,
} from './backend.ts';
export type { LabelledRows } from './labelled-rows.ts';
export { predictOnBackend } from './predict-on-backend.ts';
export {
  ARCHITECTURES,
  checkSettings,
  CLASS_WEIGHTINGS,
  HIDDEN_ACTIVATIONS,
  type Architecture,
  type ClassWeighting,
  type HiddenActivation,
  type LogisticSettings,
  type NeuralNetworkSettings,
  type TrainingSettings,
} from './settings.ts';
export { trainModel, type EpochReport, type TrainedModel, type TrainingRequest } from './train.ts';
