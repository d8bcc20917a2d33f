/** The canary trains by what the step train calls: a mistake there must stop it from singing. */
import { beforeAll, describe, expect, it } from 'vitest';
import { CANDIDATES, plantedSignal } from '../../cli/canary/markets.ts';
import { datasetOf, trainOn, walk, type Columns } from '../../cli/canary/walk.ts';
import { verifyGolden } from '../../model/document/index.ts';
import type { ReadModel } from '../../steps/evaluate/read-model.ts';
import { settingsOf } from '../../steps/train/candidate.ts';

const SETTINGS = settingsOf(CANDIDATES[0]!, 1);
const COLUMN = 'rsi_14';

describe('the models of the canary', () => {
  let columns: Columns;
  let names: readonly string[];
  let model: ReadModel;
  beforeAll(async () => {
    await walk(plantedSignal(9_000), {
      candidates: CANDIDATES.slice(0, 1),
      seed: 1,
      tamper: (own, ownNames) => {
        [columns, names] = [own, ownNames];
        return { columns, names };
      },
    });
    model = await trainOn(datasetOf(columns), names, SETTINGS);
  });

  const valuesIn = (part: string): number[] => Array.from(columns[COLUMN] as Float64Array).filter((_, row) => columns['part']![row] === part);

  it('are normalised by the training rows', () => {
    const training = valuesIn('train');
    const mean = training.reduce((sum, value) => sum + value / training.length, 0);
    const deviation = Math.sqrt(training.reduce((sum, value) => sum + (value - mean) ** 2 / training.length, 0));
    const at = names.indexOf(COLUMN);
    expect(model.document.normalisation.mean[at]).toBeCloseTo(mean, 9);
    expect(model.document.normalisation.scale[at]).toBeCloseTo(deviation, 9);
  });

  it('are normalised by no other row', async () => {
    const shifted = (columns[COLUMN] as Float64Array).map((value, row) => (columns['part']![row] === 'train' ? value : value + 50));
    const other = await trainOn(datasetOf({ ...columns, [COLUMN]: shifted }), names, SETTINGS);
    expect(other.document.normalisation).toEqual(model.document.normalisation);
    expect(other.document.golden).not.toEqual(model.document.golden);
  });

  it('answer from features as they are what the training answered', () => {
    expect(verifyGolden(model.predictor, model.document)).toMatchObject({ agrees: true, compared: 16 });
  });
});
