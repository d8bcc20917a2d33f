import type { Served } from './place.ts';

/** Who manages the fields that are applied, as the API server records it. */
export const FIELD_MANAGER = 'pipewright';

export const MODEL_LABEL = 'pipewright/model';
export const VERSION_LABEL = 'pipewright/version';

/** On every object of a model. The first two are KServe's, so that what looks for its predictors finds ours. */
export function modelLabels(model: string): Record<string, string> {
  return {
    'serving.kserve.io/inferenceservice': model,
    component: 'predictor',
    'app.kubernetes.io/name': 'pipewright-serving',
    'app.kubernetes.io/component': 'model-server',
    'app.kubernetes.io/managed-by': FIELD_MANAGER,
    [MODEL_LABEL]: model,
  };
}

export function versionLabels({ model, version }: Served): Record<string, string> {
  return { ...modelLabels(model), 'app.kubernetes.io/version': String(version), ...versionSelector({ model, version }) };
}

/** Picks the pods of one version. Never changed: a Deployment's selector cannot be. */
export function versionSelector({ model, version }: Served): Record<string, string> {
  return { [MODEL_LABEL]: model, [VERSION_LABEL]: String(version) };
}
