import type { Chart, Figures } from '../../dsl/contract/index.ts';
import { describeSettings, type TrainedModel, type TrainingSettings } from '../../model/training/index.ts';

/** What the model is worth on the rows that made it; probabilities as they are served, calibration included. */
export interface FinalFigures {
  /** In nats a day. */
  readonly trainLogLoss: number;
  readonly validationLogLoss: number;
  /** Share of the validation days on the right side of probability ½. */
  readonly validationAccuracy: number;
}

/** The learning curve and what it came to, for the report of the run. */
export function figuresOf({ members, backend }: TrainedModel, settings: TrainingSettings, final: FinalFigures): Figures {
  const kept = members.map(({ bestEpoch, history }) => `${bestEpoch} of ${history.length}`).join(', ');
  const what = settings.architecture === 'gradient-boosted-trees' ? 'trees' : 'epochs';
  const { architecture, ...others } = settings;
  return {
    format: 'pipewright/figures/1',
    title: `Training: ${architecture}`,
    summary: `${describeSettings(settings)}: kept ${kept} ${what}, where the validation loss was lowest; ${final.validationLogLoss.toFixed(4)} nats a day on validation days.`,
    tables: [
      {
        title: 'As it is served',
        columns: ['figure', 'training', 'validation'],
        rows: [
          ['log-loss of the direction', final.trainLogLoss, final.validationLogLoss],
          ['accuracy', null, final.validationAccuracy],
        ],
        note: `Computed on ${backend.name} ${backend.version}. ${cautionOf(settings)}`,
      },
      {
        title: 'Settings',
        columns: ['setting', 'value'],
        rows: Object.entries(others).map(([name, value]) => [name, Array.isArray(value) ? value.join('-') : (value as string | number)]),
      },
    ],
    charts: members.map((member, at) => learningCurve(member, settings, what, members.length === 1 ? '' : `, member ${at + 1}`)),
  };
}

/** The validation days have several jobs, so what is measured on them is no judgement. */
function cautionOf({ calibration }: TrainingSettings): string {
  const [taught, choice] = calibration === 'none' ? ['', ''] : [` and taught the calibration (${calibration})`, ' The choice is by calibrations that other days taught, so its log-loss is another.'];
  return `The validation days decided when to stop${taught}, and they choose among candidates: figures on them flatter.${choice} The test days judge.`;
}

function learningCurve({ history, bestEpoch }: TrainedModel['members'][number], { loss }: TrainingSettings, what: string, which: string): Chart {
  const epochs = history.map(({ epoch }) => epoch);
  return {
    kind: 'line',
    title: `Learning curve${which}`,
    xLabel: what,
    yLabel: loss === 'log' ? 'log-loss in nats' : `${loss} loss in deviations of the training returns`,
    series: [
      { name: 'training', x: epochs, y: history.map(({ trainLoss }) => trainLoss) },
      { name: 'validation', x: epochs, y: history.map(({ validationLoss }) => validationLoss), emphasis: true },
    ],
    mark: { x: bestEpoch, label: 'kept' },
  };
}
