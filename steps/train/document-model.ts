import type { Json } from '../../dsl/util/index.ts';
import { createGolden, MODEL_FORMAT_VERSION, type ModelDocument } from '../../model/document/index.ts';
import { UP_FROM } from '../../model/metrics/index.ts';
import type { TrainingSettings } from '../../model/training/index.ts';
import type { FeatureDefinition } from './read-definition.ts';
import { recordOf, type SeenRows } from './seen-rows.ts';
import type { TrainedCandidate } from './train-candidate.ts';

export interface Described {
  readonly name: string;
  readonly settings: TrainingSettings;
  readonly features: FeatureDefinition;
  readonly figures: Json;
}

/** What Pipewright knows about a model that was trained on these rows. */
export function documentModel(trained: TrainedCandidate, rows: SeenRows, { name, settings, features, figures }: Described): ModelDocument {
  return {
    formatVersion: MODEL_FORMAT_VERSION,
    name,
    target: settings.target,
    horizonDays: features.horizonDays,
    featureSet: { definition: features.definition as unknown as Json, names: features.names, hash: features.hash },
    normalisation: trained.normalisation,
    score: trained.score,
    calibration: trained.calibration,
    decisionThreshold: UP_FROM,
    training: {
      settings,
      backend: trained.backend,
      splits: { train: recordOf(rows.train), validation: recordOf(rows.validation), seen: rows.seen },
      members: trained.members.map(({ seed, bestEpoch, history }) => ({ seed, bestEpoch, epochs: history.length })),
    },
    figures,
    golden: createGolden(rows.validation.x, trained.probabilities.validation),
    data: { rows: rows.digest },
  };
}
