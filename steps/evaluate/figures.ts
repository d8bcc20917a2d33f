import type { Figures, FigureTable } from '../../dsl/contract/index.ts';
import { reviewOf, type GateDecision } from '../../model/gate/index.ts';
import type { Figure } from '../../model/metrics/index.ts';
import { chartsOf } from './charts.ts';
import type { Choice } from './choose.ts';
import type { Comparison } from './compare.ts';
import type { Judgement } from './judge.ts';
import type { Table } from './judged-days.ts';
import type { Measured } from './measure.ts';
import { describeSettings } from './read-model.ts';
import type { MeasuredReturns } from './returns.ts';

export interface FigureInputs {
  readonly table: Table;
  readonly choice: Choice;
  readonly judgement: Judgement;
  readonly measured: Measured;
  readonly returns: readonly MeasuredReturns[];
  readonly comparisons: readonly Comparison[];
  readonly gate: GateDecision;
  readonly horizonDays: number;
  readonly costBasisPoints: number;
}

type Cell = string | number | null;

/** Everything for the report of the run; the first two tables are shown at its end. */
export function figuresOf(inputs: FigureInputs): Figures {
  return {
    format: 'pipewright/figures/1',
    title: 'Evaluation',
    summary: inputs.gate.reason,
    tables: [forecastTable(inputs), tradingTable(inputs), ...returnTables(inputs), questionTable(inputs), testTable(inputs), intervalTable(inputs), sliceTable(inputs), candidateTable(inputs), gateTable(inputs)],
    charts: chartsOf(inputs),
  };
}

const valueOf = (figure: Figure | undefined): number | null => (figure?.kind === 'measured' ? figure.value : null);
const lowerOf = (figure: Figure | undefined): number | null => (figure?.kind === 'measured' ? (figure.interval?.lower ?? null) : null);
const upperOf = (figure: Figure | undefined): number | null => (figure?.kind === 'measured' ? (figure.interval?.upper ?? null) : null);

function forecastTable({ table, choice, judgement, measured, horizonDays }: FigureInputs): FigureTable {
  const { rows } = judgement;
  const overlap = horizonDays > 1 ? ' Labels over several days overlap; the blocks of the intervals are longer for it.' : '';
  return {
    title: `Direction of the next ${horizonDays === 1 ? 'day' : `${horizonDays} days`} on ${rows.to - rows.from} unseen days, ${table.dates[rows.from]} to ${table.dates[rows.to - 1]}`,
    columns: ['forecast', 'accuracy', '95 % from', 'to', 'balanced', 'precision', 'recall', 'F1', 'AUC-ROC', 'Brier', 'log-loss'],
    rows: measured.forecasts.map(({ name, figures }): Cell[] => [
      name, valueOf(figures.accuracy), lowerOf(figures.accuracy), upperOf(figures.accuracy),
      ...([figures.balancedAccuracy, figures.precision, figures.recall, figures.f1, figures.areaUnderRoc, figures.brierScore, figures.logLoss].map(valueOf)),
    ]),
    note: `${counted(choice.trials.length, 'candidate')} tried; the one with the lowest log-loss on validation days was judged on these days, once. Intervals by a block bootstrap.${overlap}`,
    headline: true,
  };
}

function tradingTable({ measured, costBasisPoints }: FigureInputs): FigureTable {
  return {
    title: `Trading on these days: invested when up is forecast, else in cash`,
    columns: ['strategy', 'profit', 'Sharpe ratio', '95 % from', 'to', 'largest fall', 'daily turnover'],
    rows: measured.strategies.map(({ name, figures: { totalReturn, sharpeRatio, maximumDrawdown, dailyTurnover } }) => [
      name, valueOf(totalReturn), valueOf(sharpeRatio), lowerOf(sharpeRatio), upperOf(sharpeRatio), valueOf(maximumDrawdown), valueOf(dailyTurnover),
    ]),
    note: `Profit and largest fall as shares of the capital, after costs of ${costBasisPoints} basis points of what is traded; Sharpe ratio a year, riskless rate 0. Dividends and interest are left out. A simulation, no advice.`,
    headline: true,
  };
}

function returnTables({ returns, horizonDays }: FigureInputs): FigureTable[] {
  if (returns.length === 0) return [];
  return [{
    title: `Return of the next ${horizonDays === 1 ? 'day' : `${horizonDays} days`}, as a number`,
    columns: ['forecast', 'MAE', 'MSE', 'RMSE', '95 % from', 'to', 'R²', '95 % from', 'to'],
    rows: returns.map(({ name, figures: { meanAbsoluteError, meanSquaredError, rootMeanSquaredError, rSquared } }): Cell[] => [
      name, valueOf(meanAbsoluteError), valueOf(meanSquaredError), valueOf(rootMeanSquaredError), lowerOf(rootMeanSquaredError), upperOf(rootMeanSquaredError), valueOf(rSquared), lowerOf(rSquared), upperOf(rSquared),
    ]),
    note: 'Returns as shares. R² is against the mean of the training days: below 0, that mean was the better forecast.',
  }];
}

function questionTable({ gate }: FigureInputs): FigureTable {
  return {
    title: 'Seven questions before a promotion',
    columns: ['question', 'answer', 'shown by'],
    rows: reviewOf(gate).map(({ claim, answer, checks }) => [claim, answer, checks.join('; ')]),
    note: 'A question that is open or that nobody asked keeps a model out of production.',
  };
}

function testTable({ comparisons }: FigureInputs): FigureTable {
  return {
    title: 'Is the chosen model better? Tests on the same days',
    columns: ['claim', 'test', 'difference', 'p, one-sided', 'at 5 %'],
    rows: comparisons.map(({ claim, test, effect, probability, why }) => [
      claim, test, effect, probability, probability === null ? `does not exist: ${why}` : probability < 0.05 ? 'shown' : 'not shown',
    ]),
    note: `${counted(comparisons.length, 'claim')} tested; of claims that are all untrue, one in twenty looks shown. None of these tests decides: the gate's own two are below.`,
  };
}

const FIGURE_NAMES = {
  accuracy: 'accuracy', balancedAccuracy: 'balanced accuracy', precision: 'precision', recall: 'recall', f1: 'F1', matthewsCorrelation: 'Matthews correlation',
  areaUnderRoc: 'area under the ROC curve', brierScore: 'Brier score', brierReliability: 'of it reliability', brierResolution: 'of it resolution',
  logLoss: 'log-loss in nats', calibrationError: 'calibration error',
} as const;
const TRADING_NAMES = { totalReturn: 'profit', meanDailyReturn: 'mean daily profit', sharpeRatio: 'Sharpe ratio a year', maximumDrawdown: 'largest fall', dailyTurnover: 'daily turnover' } as const;

function intervalTable({ measured }: FigureInputs): FigureTable {
  const { byChance, probability, debiased } = measured.calibration;
  const row = (name: string, figure: Figure | undefined, others: readonly (Figure | undefined)[]): Cell[] => [
    name, valueOf(figure), lowerOf(figure), upperOf(figure), ...others.map(valueOf), figure?.kind === 'undefined' ? figure.reason : '',
  ];
  const [own, ...otherForecasts] = measured.forecasts;
  const beside = otherForecasts.filter(({ isProbabilistic }) => isProbabilistic);
  const [ownStrategy, held] = measured.strategies;
  return {
    title: 'Every figure of the chosen model with its 95 % interval',
    columns: ['figure', 'chosen model', '95 % from', 'to', ...beside.map(({ name }) => name), 'does not exist because'],
    rows: [
      ...Object.entries(FIGURE_NAMES).map(([key, name]) => row(name, own!.figures[key as keyof typeof FIGURE_NAMES], beside.map(({ figures }) => figures[key as keyof typeof FIGURE_NAMES]))),
      ...Object.entries(TRADING_NAMES).map(([key, name]) => row(`${name}, beside buy and hold`, ownStrategy!.figures[key as keyof typeof TRADING_NAMES], [held!.figures[key as keyof typeof TRADING_NAMES], ...beside.slice(1).map(() => undefined)])),
    ],
    note: `A perfectly calibrated model with these probabilities would show a calibration error of ${byChance.toFixed(4)} on so few days, and one as large as this in ${(100 * probability).toFixed(0)} % of cases.${debiased === null ? '' : ` Without what few days bring by themselves the root of its mean square is ${debiased.toFixed(4)}.`}`,
  };
}

function sliceTable({ measured }: FigureInputs): FigureTable {
  return {
    title: 'Slices of the judged days',
    columns: ['slice', 'days', 'accuracy', '95 % from', 'to', 'log-loss above the base rate', '95 % from', 'to', 'note'],
    rows: measured.slices.map(({ name, days, figures: { accuracy, logLossAboveReference: above }, note }) => [
      name, days, valueOf(accuracy), lowerOf(accuracy), upperOf(accuracy), valueOf(above), lowerOf(above), upperOf(above), note ?? '',
    ]),
    note: 'Volatility of the 20 days before, in thirds that were fitted on training days. Among ten slices one looks good or bad by luck every other time.',
  };
}

function candidateTable({ choice }: FigureInputs): FigureTable {
  return {
    title: 'Candidates on validation days',
    columns: ['candidate', 'settings', 'epochs', 'log-loss', 'chosen'],
    rows: choice.trials.map(({ model, validationLogLoss }, at) => [
      String(at), describeSettings(model.document), model.document.training.members.map(({ epochs }) => epochs).join(', '), validationLogLoss, at === choice.chosen ? 'yes' : '',
    ]),
    note: 'The more candidates are tried, the better the best of them looks by luck alone: on the validation days, not on the test days.',
  };
}

function gateTable({ gate }: FigureInputs): FigureTable {
  const { power } = gate;
  const passed = (value: boolean | 'unknown'): string => (value === 'unknown' ? 'cannot tell' : value ? 'yes' : 'no');
  const detectable = power.detectableDifference === null ? '' : ` ${power.days} days show a difference in log-loss of ${power.detectableDifference.toFixed(4)} nats a day with ${Math.round(100 * power.power)} % power.`;
  const better = power.daysToShowBetterLogLoss === null ? '' : ` If the lead in log-loss over the base rate is real, ${power.daysToShowBetterLogLoss} days in all would show it.`;
  const demanded = gate.checks.some((check) => check.demanded) ? 'A first model must be shown to beat the base rate.' : 'Superiority is not needed for promotion, but being measurably worse stops it.';
  return {
    title: `Gate: ${gate.decision}`,
    columns: ['check', 'kind', 'passed', 'detail'],
    rows: gate.checks.map(({ name, kind, demanded: isDemanded, passed: answer, detail }) => [name, isDemanded ? `${kind}, demanded` : kind, passed(answer), detail]),
    note: `${demanded}${detectable}${better}`,
  };
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun} was` : `${count} ${noun}s were`;
}
