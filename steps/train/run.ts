import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../dsl/util/index.ts';
import { encodeModel } from '../../model/document/index.ts';
import { accuracy, confusionMatrix, logLoss, predictedClasses } from '../../model/metrics/index.ts';
import { BACKENDS, explainBackend, loadBackend, type Backend } from '../../model/training/index.ts';
import { readDataset } from '../runtime/dataset.ts';
import { implementStep } from '../runtime/index.ts';
import { refuseRangeErrors } from '../runtime/refuse.ts';
import { settingsOf } from './candidate.ts';
import { train } from './contract.ts';
import { documentModel } from './document-model.ts';
import { figuresOf, type FinalFigures } from './figures.ts';
import { readDefinition } from './read-definition.ts';
import { knownRows, takeSeenRows } from './seen-rows.ts';
import { trainCandidate } from './train-candidate.ts';

export default implementStep(train, async ({ parameters, inputs, outputs, log, progress, signal }) => {
  const features = await readDefinition(inputs.definition);
  const settings = settingsOf(parameters.candidate, parameters.seed);
  const rows = takeSeenRows(await readDataset(inputs.features), features.names, features.horizonDays, settings.target);
  const rounds = settings.architecture === 'gradient-boosted-trees' ? settings.maxTrees : settings.maxEpochs;
  const backend = async (): Promise<Backend> => {
    const loaded = await loadBackend(parameters.backend === 'auto' ? BACKENDS : [parameters.backend]);
    log(explainBackend(loaded));
    return loaded;
  };

  const trained = await refuseRangeErrors('PW505', 'Correct the candidate, the seed or the backend.', () =>
    trainCandidate(knownRows(rows), {
      backend,
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
  const document = documentModel(trained, rows, { name: parameters.name, settings, features, figures: { ...final } });
  await mkdir(outputs.model, { recursive: true });
  for (const [name, bytes] of Object.entries(encodeModel(document, trained.estimator).files)) await writeFile(join(outputs.model, name), bytes);
  const figures = figuresOf(trained, settings, final);
  await writeFile(outputs.figures, `${canonicalJson(figures)}\n`);
  log(figures.summary!);
  const { validationLogLoss, validationAccuracy } = final;
  return { validationLogLoss, validationAccuracy, epochs: trained.members.reduce((sum, { history }) => sum + history.length, 0) };
});
