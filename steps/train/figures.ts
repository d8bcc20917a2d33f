import type { Figures } from '../../dsl/contract/index.ts';
import type { TrainedModel } from '../../model/training/index.ts';
import type { TrainingSettings } from '../../model/training/index.ts';

/** The learning curve and what it came to, for the report of the run. */
export function figuresOf({ history, bestEpoch, stoppedEarly, backend }: TrainedModel, settings: TrainingSettings): Figures {
  const best = history[bestEpoch - 1]!;
  const epochs = history.map(({ epoch }) => epoch);
  const { architecture, ...others } = settings;
  return {
    format: 'pipewright/figures/1',
    title: `Training: ${architecture}`,
    summary: `Epoch ${bestEpoch} of ${history.length} is kept${stoppedEarly ? ', where the validation log-loss was lowest' : ''}: ${best.validationLoss.toFixed(4)} nats a day on validation days.`,
    tables: [
      {
        title: 'Kept epoch',
        columns: ['figure', 'training', 'validation'],
        rows: [
          ['log-loss', best.trainLoss, best.validationLoss],
          ['accuracy', null, best.validationAccuracy],
        ],
        note: `Computed on ${backend.name} ${backend.version}.`,
      },
      {
        title: 'Settings',
        columns: ['setting', 'value'],
        rows: Object.entries(others).map(([name, value]) => [name, Array.isArray(value) ? value.join('-') : (value as string | number)]),
      },
    ],
    charts: [
      {
        kind: 'line',
        title: 'Learning curve',
        xLabel: 'epoch',
        yLabel: 'log-loss in nats',
        series: [
          { name: 'training', x: epochs, y: history.map(({ trainLoss }) => trainLoss) },
          { name: 'validation', x: epochs, y: history.map(({ validationLoss }) => validationLoss), emphasis: true },
        ],
        mark: { x: bestEpoch, label: 'kept' },
      },
    ],
  };
}
