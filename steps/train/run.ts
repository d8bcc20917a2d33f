import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, type Json } from '../../dsl/util/index.ts';
import { createGolden, encodeModel, MODEL_FORMAT_VERSION, type ModelDocument } from '../../model/document/index.ts';
import { accuracy, confusionMatrix, logLoss, predictedClasses, UP_FROM } from '../../model/metrics/index.ts';
import { applyNormalisation, fitNormalisation } from '../../model/normalise.ts';
import { BACKENDS, explainBackend, loadBackend, trainModel, type Backend } from '../../model/training/index.ts';
import { readDataset } from '../runtime/dataset.ts';
import { implementStep } from '../runtime/index.ts';
import { refuseRangeErrors } from '../runtime/refuse.ts';
import { settingsOf } from './candidate.ts';
import { train } from './contract.ts';
import { figuresOf, type FinalFigures } from './figures.ts';
import { readDefinition } from './read-definition.ts';
import { recordOf, takeSeenRows, type PartRows } from './seen-rows.ts';

export default implementStep(train, async ({ parameters, inputs, outputs, log, progress, signal }) => {
  const definition = await readDefinition(inputs.definition);
  const settings = settingsOf(parameters.candidate, parameters.seed);
  const rows = takeSeenRows(await readDataset(inputs.features), definition.names, definition.horizonDays, settings.target);
  const learned = ({ y, returns }: PartRows): Float64Array => returns ?? y;
  const rounds = settings.architecture === 'gradient-boosted-trees' ? settings.maxTrees : settings.maxEpochs;
  const fix = 'Correct the candidate, the seed or the backend.';
  const startBackend = async (): Promise<Backend> => {
    const backend = await loadBackend(parameters.backend === 'auto' ? BACKENDS : [parameters.backend]);
    log(explainBackend(backend));
    return backend;
  };

  // Fitted on the training rows alone: anything else would tell the model about the days it is judged on.
  const normalisation = fitNormalisation(rows.train.x, { from: 0, to: rows.train.x.rows });
  const normalised = { train: applyNormalisation(rows.train.x, normalisation), validation: applyNormalisation(rows.validation.x, normalisation) };
  const trained = await refuseRangeErrors('PW505', fix, () =>
    trainModel({
      backend: startBackend,
      training: { x: normalised.train, y: learned(rows.train) },
      validation: { x: normalised.validation, y: learned(rows.validation) },
      settings,
      signal,
      onEpoch: ({ epoch, validationLoss }, member) => progress(member * rounds + epoch, settings.members * rounds, `validation loss ${validationLoss.toFixed(4)}`),
    }),
  );

  const { training: onTraining, validation: onValidation } = trained.probabilities;
  const final: FinalFigures = {
    trainLogLoss: logLoss(rows.train.y, onTraining),
    validationLogLoss: logLoss(rows.validation.y, onValidation),
    validationAccuracy: accuracy(confusionMatrix(rows.validation.y, predictedClasses(onValidation))),
  };
  const document: ModelDocument = {
    formatVersion: MODEL_FORMAT_VERSION,
    name: parameters.name,
    target: settings.target,
    horizonDays: definition.horizonDays,
    featureSet: { definition: definition.definition as unknown as Json, names: definition.names, hash: definition.hash },
    normalisation,
    score: trained.score,
    calibration: trained.calibration,
    decisionThreshold: UP_FROM,
    training: {
      settings,
      backend: trained.backend,
      splits: { train: recordOf(rows.train), validation: recordOf(rows.validation), seen: rows.seen },
      members: trained.members.map(({ seed, bestEpoch, history }) => ({ seed, bestEpoch, epochs: history.length })),
    },
    figures: { ...final },
    golden: createGolden(rows.validation.x, onValidation),
    data: { rows: rows.digest },
  };
  await mkdir(outputs.model, { recursive: true });
  for (const [name, bytes] of Object.entries(encodeModel(document, trained.estimator).files)) await writeFile(join(outputs.model, name), bytes);
  const figures = figuresOf(trained, settings, final);
  await writeFile(outputs.figures, `${canonicalJson(figures)}\n`);
  log(figures.summary!);
  const { validationLogLoss, validationAccuracy } = final;
  return { validationLogLoss, validationAccuracy, epochs: trained.members.reduce((sum, { history }) => sum + history.length, 0) };
});
