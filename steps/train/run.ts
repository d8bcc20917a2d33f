import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, type Json } from '../../dsl/util/index.ts';
import { createGolden, encodeModel, MODEL_FORMAT_VERSION, type ModelDocument } from '../../model/document/index.ts';
import { UP_FROM } from '../../model/metrics/index.ts';
import { applyNormalisation, fitNormalisation } from '../../model/normalise.ts';
import { BACKENDS, explainBackend, loadBackend, predictOnBackend, trainModel } from '../../model/training/index.ts';
import { readDataset } from '../runtime/dataset.ts';
import { implementStep } from '../runtime/index.ts';
import { refuseRangeErrors } from '../runtime/refuse.ts';
import { settingsOf } from './candidate.ts';
import { train } from './contract.ts';
import { figuresOf } from './figures.ts';
import { readDefinition } from './read-definition.ts';
import { recordOf, takeSeenRows } from './seen-rows.ts';

export default implementStep(train, async ({ parameters, inputs, outputs, log, progress, signal }) => {
  const definition = await readDefinition(inputs.definition);
  const rows = takeSeenRows(await readDataset(inputs.features), definition.names, definition.horizonDays);
  const settings = settingsOf(parameters.candidate, parameters.seed);
  const fix = 'Correct the candidate, the seed or the backend.';
  const backend = await refuseRangeErrors('PW505', fix, () => loadBackend(parameters.backend === 'auto' ? BACKENDS : [parameters.backend]));
  log(explainBackend(backend));

  // Fitted on the training rows alone: anything else would tell the model about the days it is judged on.
  const normalisation = fitNormalisation(rows.train.x, { from: 0, to: rows.train.x.rows });
  const normalised = { train: applyNormalisation(rows.train.x, normalisation), validation: applyNormalisation(rows.validation.x, normalisation) };
  const trained = await refuseRangeErrors('PW505', fix, () =>
    trainModel({
      backend,
      training: { x: normalised.train, y: rows.train.y },
      validation: { x: normalised.validation, y: rows.validation.y },
      settings,
      signal,
      onEpoch: ({ epoch, validationLoss }) => progress(epoch, settings.maxEpochs, `validation log-loss ${validationLoss.toFixed(4)}`),
    }),
  );

  const best = trained.history[trained.bestEpoch - 1]!;
  const document: ModelDocument = {
    formatVersion: MODEL_FORMAT_VERSION,
    name: parameters.name,
    target: 'direction',
    horizonDays: definition.horizonDays,
    featureSet: { definition: definition.definition as unknown as Json, names: definition.names, hash: definition.hash },
    normalisation,
    decisionThreshold: UP_FROM,
    training: {
      settings,
      backend: trained.backend,
      splits: { train: recordOf(rows.train), validation: recordOf(rows.validation), seen: rows.seen },
      bestEpoch: trained.bestEpoch,
      epochs: trained.history.length,
    },
    figures: { trainLogLoss: best.trainLoss, validationLogLoss: best.validationLoss, validationAccuracy: best.validationAccuracy },
    golden: createGolden(rows.validation.x, predictOnBackend(backend, trained.network, normalised.validation)),
    data: { rows: rows.digest },
  };
  await mkdir(outputs.model, { recursive: true });
  for (const [name, bytes] of Object.entries(encodeModel(document, trained.network).files)) await writeFile(join(outputs.model, name), bytes);
  const figures = figuresOf(trained, settings);
  await writeFile(outputs.figures, `${canonicalJson(figures)}\n`);
  log(figures.summary!);
  return { validationLogLoss: best.validationLoss, validationAccuracy: best.validationAccuracy, epochs: trained.history.length };
});
