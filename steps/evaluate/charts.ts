import type { Chart } from '../../dsl/contract/index.ts';
import { calibrationBins, rocPoints, type Figure } from '../../model/metrics/index.ts';
import type { FigureInputs } from './figures.ts';
import { BASE_RATE, CHOSEN } from './judge.ts';

/** The pictures, in the order in which a person decides: what it earns, whether it knows anything, whether it says how sure it is, and where it fails. */
export function chartsOf(inputs: FigureInputs): readonly Chart[] {
  return [equityChart(inputs), rocChart(inputs), calibrationChart(inputs), accuracyChart(inputs), lossChart(inputs), sliceChart(inputs), sharpeChart(inputs), confusionChart(inputs)];
}

function equityChart({ table, judgement, costBasisPoints }: FigureInputs): Chart {
  const { from, to } = judgement.rows;
  // A position is held from the close of its day to the next, whose close decides what it was worth.
  const days = table.dates.slice(from + 1, to + 1);
  return {
    kind: 'line',
    title: 'Capital on test days',
    xLabel: 'day',
    yLabel: 'capital, 1 at the start',
    series: judgement.strategies.map(({ name, run }, at) => ({ name, x: days, y: Array.from(run.equity), ...(at === 0 ? { emphasis: true as const } : {}) })),
    note: `After costs of ${costBasisPoints} basis points.`,
  };
}

function rocChart({ judgement }: FigureInputs): Chart {
  const curves = judgement.forecasts.filter(({ isProbabilistic, name }) => isProbabilistic && name !== BASE_RATE);
  return {
    kind: 'line',
    title: 'ROC on test days',
    xLabel: 'false positive rate',
    yLabel: 'true positive rate',
    series: curves.map(({ name, probabilities }, at) => {
      const points = rocPoints(judgement.labels, probabilities);
      return { name, x: points.map((point) => point.falsePositiveRate), y: points.map((point) => point.truePositiveRate), ...(at === 0 ? { emphasis: true as const } : {}) };
    }),
    diagonal: true,
    note: 'On the diagonal a forecast is chance.',
  };
}

/** Bins of an equal count of days: next-day probabilities crowd around one half, and bins of equal width would be two points. */
function calibrationChart({ judgement, measured }: FigureInputs): Chart {
  const bins = calibrationBins(judgement.labels, judgement.forecasts[0]!.probabilities, 10, 'equal count');
  const { error, byChance } = measured.calibration;
  return {
    kind: 'line',
    title: 'Calibration on test days',
    xLabel: 'forecast probability of up',
    yLabel: 'share of days that went up',
    series: [{ name: CHOSEN, x: bins.map(({ predicted }) => predicted!), y: bins.map(({ observed }) => observed!), emphasis: true, points: true }],
    diagonal: true,
    note: `Days per point: ${bins.map(({ days }) => days).join(', ')}. The calibration error is ${error.toFixed(3)}; perfect calibration would show ${byChance.toFixed(3)} on so few days.`,
  };
}

interface Row { readonly name: string; readonly figure: Figure | undefined; readonly group?: string; readonly emphasis?: boolean }

function intervalChart(title: string, xLabel: string, rows: readonly Row[], reference: { readonly x: number; readonly label: string } | undefined, note: string): Chart {
  return {
    kind: 'interval',
    title,
    xLabel,
    rows: rows.flatMap(({ name, figure, group, emphasis }) =>
      figure?.kind !== 'measured' ? [] : [{
        name, value: figure.value, lower: figure.interval?.lower ?? null, upper: figure.interval?.upper ?? null,
        ...(group === undefined ? {} : { group }), ...(emphasis ? { emphasis: true as const } : {}),
      }]),
    ...(reference ? { reference } : {}),
    note,
  };
}

function accuracyChart({ measured }: FigureInputs): Chart {
  const rows = measured.forecasts.map(({ name, figures }, at) => ({ name, figure: figures.accuracy, emphasis: at === 0 }));
  return intervalChart('Accuracy, with 95 % intervals', 'share of days forecast right', rows, { x: 0.5, label: 'a coin' }, 'The rows share the days: two intervals that overlap may still differ. The tests compare day by day.');
}

function lossChart({ measured }: FigureInputs): Chart {
  const rows = measured.forecasts.filter(({ isProbabilistic }) => isProbabilistic).map(({ name, figures }, at) => ({ name, figure: figures.logLoss, emphasis: at === 0 }));
  return intervalChart('Log-loss, with 95 % intervals', 'nats a day, lower is better', rows, { x: Math.LN2, label: 'a coin' }, 'What a forecast pays for being sure of the wrong thing.');
}

function sliceChart({ measured }: FigureInputs): Chart {
  const rows = measured.slices.filter(({ note }) => note === undefined).map(({ name, group, days, figures }) => ({ name: `${name} (${days})`, group: GROUPS[group], figure: figures.logLossAboveReference }));
  return intervalChart('Where it is good and bad, with 95 % intervals', 'log-loss above the base rate, nats a day', rows, { x: 0, label: 'base rate' }, 'Left of the line the model knows more than the base rate. Days in brackets; slices of too few days are in the table alone.');
}

const GROUPS = { year: 'Year', volatility: 'Volatility of the month before', forecast: 'Direction that was forecast' } as const;

function sharpeChart({ measured }: FigureInputs): Chart {
  const rows = measured.strategies.map(({ name, figures }, at) => ({ name, figure: figures.sharpeRatio, emphasis: at === 0 }));
  return intervalChart('Sharpe ratio, with 95 % intervals', 'a year, after costs', rows, { x: 0, label: 'nothing gained' }, 'Four years of days hardly tell two strategies apart.');
}

function confusionChart({ measured }: FigureInputs): Chart {
  const { trueNegative, falsePositive, falseNegative, truePositive } = measured.forecasts[0]!.report.confusion;
  return { kind: 'matrix', title: 'Test days by what happened and what was forecast', labels: ['not up', 'up'], counts: [[trueNegative, falsePositive], [falseNegative, truePositive]] };
}
