import type { Chart, Figures, FigureTable } from '../../dsl/contract/index.ts';
import type { GateDecision } from '../../model/gate/index.ts';
import { rocPoints } from '../../model/metrics/index.ts';
import type { Choice } from './choose.ts';
import type { Judgement } from './judge.ts';
import type { Table } from './judged-days.ts';
import { describeSettings } from './read-model.ts';

export interface FigureInputs {
  readonly table: Table;
  readonly choice: Choice;
  readonly judgement: Judgement;
  readonly gate: GateDecision;
  readonly horizonDays: number;
  readonly costBasisPoints: number;
}

/** Everything for the report of the run; the first two tables are shown at its end. */
export function figuresOf(inputs: FigureInputs): Figures {
  return {
    format: 'pipewright/figures/1',
    title: 'Evaluation',
    summary: inputs.gate.reason,
    tables: [forecastTable(inputs), tradingTable(inputs), candidateTable(inputs), gateTable(inputs)],
    charts: [rocChart(inputs), calibrationChart(inputs), confusionChart(inputs), equityChart(inputs)],
  };
}

function forecastTable({ table, choice, judgement, horizonDays }: FigureInputs): FigureTable {
  const { rows, forecasters } = judgement;
  const overlap = horizonDays > 1 ? ' Labels over several days overlap, so the intervals are too narrow.' : '';
  return {
    title: `Direction of the next ${horizonDays === 1 ? 'day' : `${horizonDays} days`} on ${rows.to - rows.from} unseen days, ${table.dates[rows.from]} to ${table.dates[rows.to - 1]}`,
    columns: ['forecast', 'accuracy', '95 % from', 'to', 'balanced', 'precision', 'recall', 'F1', 'AUC-ROC', 'Brier', 'log-loss'],
    rows: forecasters.map(({ name, classification: c, isProbabilistic }) => [
      name, c.accuracy, c.accuracyInterval.lower, c.accuracyInterval.upper, c.balancedAccuracy, c.precision, c.recall, c.f1,
      ...(isProbabilistic ? [c.areaUnderRoc, c.brierScore, c.logLoss] : [null, null, null]),
    ]),
    note: `${counted(choice.trials.length, 'candidate')} tried; the one with the lowest log-loss on validation days was judged on these days, once.${overlap}`,
    headline: true,
  };
}

function tradingTable({ judgement, costBasisPoints }: FigureInputs): FigureTable {
  return {
    title: `Trading on these days: invested when up is forecast, else in cash`,
    columns: ['strategy', 'profit', 'Sharpe ratio', '95 % from', 'to', 'largest fall', 'daily turnover'],
    rows: judgement.strategies.map(({ name, report, sharpeInterval }) => [
      name, report.totalReturn, report.sharpeRatio, sharpeInterval?.lower ?? null, sharpeInterval?.upper ?? null, report.maximumDrawdown, report.dailyTurnover,
    ]),
    note: `Profit and largest fall as shares of the capital, after costs of ${costBasisPoints} basis points of what is traded; Sharpe ratio a year, riskless rate 0. Dividends and interest are left out. A simulation, no advice.`,
    headline: true,
  };
}

function candidateTable({ choice }: FigureInputs): FigureTable {
  return {
    title: 'Candidates on validation days',
    columns: ['candidate', 'settings', 'epochs', 'log-loss', 'chosen'],
    rows: choice.trials.map(({ model, validationLogLoss }, at) => [
      String(at), describeSettings(model.document), model.document.training.epochs, validationLogLoss, at === choice.chosen ? 'yes' : '',
    ]),
    note: 'The more candidates are tried, the better the best of them looks by luck alone: on the validation days, not on the test days.',
  };
}

function gateTable({ gate }: FigureInputs): FigureTable {
  const { power } = gate;
  const passed = (value: boolean | 'unknown'): string => (value === 'unknown' ? 'cannot tell' : value ? 'yes' : 'no');
  const detectable = power.detectableDifference === null ? '' : ` ${power.days} days show a difference in log-loss of ${power.detectableDifference.toFixed(4)} nats a day with ${Math.round(100 * power.power)} % power.`;
  return {
    title: `Gate: ${gate.decision}`,
    columns: ['check', 'kind', 'passed', 'detail'],
    rows: gate.checks.map(({ name, kind, passed: answer, detail }) => [name, kind, passed(answer), detail]),
    note: `Superiority is not needed for promotion, but being measurably worse stops it.${detectable}`,
  };
}

function rocChart({ judgement }: FigureInputs): Chart {
  const curves = judgement.forecasters.filter(({ isProbabilistic, name }) => isProbabilistic && name !== 'base rate');
  return {
    kind: 'line',
    title: 'ROC curve on test days',
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

function calibrationChart({ judgement }: FigureInputs): Chart {
  const bins = judgement.forecasters[0]!.classification.calibration.filter(({ days }) => days > 0);
  return {
    kind: 'line',
    title: 'Calibration on test days',
    xLabel: 'forecast probability of up',
    yLabel: 'share of days that went up',
    series: [{ name: 'chosen model', x: bins.map(({ predicted }) => predicted!), y: bins.map(({ observed }) => observed!), emphasis: true, points: true }],
    diagonal: true,
    note: `Days per point: ${bins.map(({ days }) => days).join(', ')}.`,
  };
}

function confusionChart({ judgement }: FigureInputs): Chart {
  const { trueNegative, falsePositive, falseNegative, truePositive } = judgement.forecasters[0]!.classification.confusion;
  return { kind: 'matrix', title: 'Test days by what happened and what was forecast', labels: ['not up', 'up'], counts: [[trueNegative, falsePositive], [falseNegative, truePositive]] };
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

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun} was` : `${count} ${noun}s were`;
}
