import { BAR_COLUMNS } from '../../../model/bars.ts';
import type { ServedModel } from '../../models/served-model.ts';
import { OUTPUT } from './infer-reply.ts';
import { OUTPUTS } from './infer-request.ts';

export const EXTENSIONS = ['binary_tensor_data'] as const;

/** `GET /v2`. */
export function serverMetadata(version: string): unknown {
  return { name: 'pipewright', version, extensions: EXTENSIONS };
}

/**
 * `GET /v2/models/{model}`. The protocol cannot say that inputs are alternatives; `properties.ask` does in words, and
 * the other properties hold what a client needs to build either.
 */
export function modelMetadata(model: ServedModel, hasKeys = false): unknown {
  return {
    name: model.name,
    versions: [model.version],
    platform: 'pipewright_dense',
    inputs: [
      { name: 'features', datatype: 'FP64', shape: [-1, model.featureNames.length] },
      { name: 'bars', datatype: 'FP64', shape: [-1, BAR_COLUMNS.length] },
      { name: 'date', datatype: 'BYTES', shape: [-1] },
      ...(hasKeys ? [{ name: 'key', datatype: 'BYTES', shape: [-1] }] : []),
    ],
    outputs: OUTPUTS.map((name) => ({ name, datatype: OUTPUT[name].datatype, shape: [-1] })),
    properties: {
      ask: `Send "features", or one tensor [n] per feature by its name, or "bars" with "date"${hasKeys ? ', or "key"' : ''}: not several of them.`,
      feature_names: model.featureNames.join(','),
      bar_columns: BAR_COLUMNS.join(','),
      required_bars: String(model.requiredBars),
      date_required: String(model.datedFeatures.length > 0),
      decision_threshold: String(model.decisionThreshold),
      horizon_days: String(model.horizonDays),
      feature_set: model.featureSetHash,
      model_digest: model.digest,
    },
  };
}
