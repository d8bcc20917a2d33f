import type { Chart, Figures, FigureTable } from '../../dsl/contract/index.ts';
import type { Figure } from '../../model/metrics/index.ts';
import { pictureOfFolds } from '../../model/splits/index.ts';
import { counted } from '../words/numbers.ts';
import type { Division, SplitName } from './divide.ts';
import type { Measured, MeasuredCandidate } from './measure.ts';
import type { BacktestTable } from './table.ts';

export interface BacktestInputs {
  readonly split: SplitName;
  readonly table: BacktestTable;
  readonly division: Division;
  readonly measured: Measured;
  readonly costBasisPoints: number;
}

type Cell = string | number | null;

/** More lines than this cannot be told apart. */
const MOST_LINES = 6;

/** A backtest as the report and the terminal show one: pictures, and the tables behind them. */
export function figuresOf(inputs: BacktestInputs): Figures {
  return {
    format: 'pipewright/figures/1',
    title: 'Backtest',
    summary: summarise(inputs),
    tables: [foldTable(inputs), forecastTable(inputs), tradingTable(inputs), ...pathTables(inputs), testTable(inputs)],
    charts: [splitChart(inputs), equityChart(inputs), foldChart(inputs), ...pathCharts(inputs)],
  };
}

const valueOf = (figure: Figure | undefined): number | null => (figure?.kind === 'measured' ? figure.value : null);
const lowerOf = (figure: Figure | undefined): number | null => (figure?.kind === 'measured' ? (figure.interval?.lower ?? null) : null);
const upperOf = (figure: Figure | undefined): number | null => (figure?.kind === 'measured' ? (figure.interval?.upper ?? null) : null);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** What a hurried reader takes away: the figure beside its baseline, how many were tried, and what of it luck explains. */
function summarise({ table, division, measured }: BacktestInputs): string {
  const { judged } = division;
  const { name, forecast, strategy } = bestOf(measured);
  const { accuracy, logLoss } = forecast.figures;
  const majority = measured.baselines.at(-1)!.figures.accuracy;
  const tried = measured.candidates.length;
  const deflated = measured.deflated === null ? 'Its profits never vary, so it has no Sharpe ratio.' : `The Sharpe ratio of its strategy is ${(valueOf(strategy.figures.sharpeRatio) ?? 0).toFixed(2)} a year; that it is really above 0 has the probability ${percent(measured.deflated.probability)} after ${counted(tried, 'try', 'tries')} (deflated Sharpe ratio).`;
  return `${tried === 1 ? name : `The best of ${tried} candidates by pooled log-loss, ${name},`} was right on ${percent(valueOf(accuracy)!)} of ${judged.to - judged.from} days that no fit knew (95 % interval ${percent(lowerOf(accuracy)!)} to ${percent(upperOf(accuracy)!)}), the majority forecast on ${percent(valueOf(majority)!)}; log-loss ${valueOf(logLoss)!.toFixed(4)}, of the base rate ${valueOf(measured.baselines[0]!.figures.logLoss)!.toFixed(4)}. ${deflated} Days ${table.dates[judged.from]} to ${table.dates[judged.to - 1]}.`;
}

function bestOf({ candidates, best }: Measured): MeasuredCandidate {
  return candidates[best]!;
}

function foldTable({ measured }: BacktestInputs): FigureTable {
  const { folds, candidates } = measured;
  // Where there is one, its name would only make the table wider.
  const isOne = candidates.length === 1;
  return {
    title: isOne ? `Fold by fold: ${candidates[0]!.name}` : 'Fold by fold',
    columns: ['fold', ...(isOne ? [] : ['forecast']), 'first day', 'last day', 'days', 'known rows', 'accuracy', 'log-loss', 'Brier', 'base rate: log-loss', 'Brier', 'majority: accuracy', 'lagged: accuracy', 'log-loss', 'Brier'],
    rows: folds.flatMap((fold, at) => candidates.map(({ name, folds: scores }): Cell[] => [
      String(at + 1), ...(isOne ? [] : [name]), fold.from, fold.to, fold.testDays, fold.trainDays + fold.validationDays, scores[at]!.accuracy, scores[at]!.logLoss, scores[at]!.brierScore,
      fold.baseRate.logLoss, fold.baseRate.brierScore, fold.majority.accuracy, fold.laggedLogistic.accuracy, fold.laggedLogistic.logLoss, fold.laggedLogistic.brierScore,
    ])),
    note: 'Every candidate and baseline is fitted again on the rows that a fold may know; the latest of them stop the training and teach the calibration.',
    headline: true,
  };
}

function forecastTable({ division, measured }: BacktestInputs): FigureTable {
  const { from, to } = division.judged;
  const paths = bestOf(measured).paths;
  return {
    title: `All folds together: ${to - from} days, each judged once`,
    columns: ['forecast', 'accuracy', '95 % from', 'to', 'balanced', 'AUC-ROC', 'log-loss', '95 % from', 'to', 'Brier', '95 % from', 'to'],
    rows: [...measured.candidates.map(({ forecast }) => forecast), ...measured.baselines].map(({ name, figures: { accuracy, balancedAccuracy, areaUnderRoc, logLoss, brierScore } }): Cell[] => [
      name, valueOf(accuracy), lowerOf(accuracy), upperOf(accuracy), valueOf(balancedAccuracy), valueOf(areaUnderRoc), valueOf(logLoss), lowerOf(logLoss), upperOf(logLoss), valueOf(brierScore), lowerOf(brierScore), upperOf(brierScore),
    ]),
    note: `${counted(measured.candidates.length, 'candidate')} tried, and none was chosen: whoever picks the best line of this table has chosen by test days. Intervals by a block bootstrap.${paths === undefined ? '' : ` Of the ${paths.count} paths this is the first.`}`,
    headline: true,
  };
}

function tradingTable({ measured, costBasisPoints }: BacktestInputs): FigureTable {
  const { deflated, candidates, held } = measured;
  return {
    title: 'Trading on these days: invested when up is forecast, else in cash',
    columns: ['strategy', 'profit', 'Sharpe ratio', '95 % from', 'to', 'largest fall', 'daily turnover'],
    rows: [...candidates.map(({ strategy }) => strategy), held].map(({ name, figures: { totalReturn, sharpeRatio, maximumDrawdown, dailyTurnover } }): Cell[] => [
      name, valueOf(totalReturn), valueOf(sharpeRatio), lowerOf(sharpeRatio), upperOf(sharpeRatio), valueOf(maximumDrawdown), valueOf(dailyTurnover),
    ]),
    note: `After costs of ${costBasisPoints} basis points of what is traded; Sharpe ratio a year, riskless rate 0. ${deflated === null ? '' : `Deflated Sharpe ratio of ${bestOf(measured).name}: the probability that it is above 0 is ${percent(deflated.probability)}, after ${counted(deflated.trials, 'try', 'tries')} of which luck alone would show ${(deflated.benchmark * Math.sqrt(252)).toFixed(2)} at best. `}A simulation, no advice.`,
    headline: true,
  };
}

function pathTables({ measured }: BacktestInputs): FigureTable[] {
  const found = measured.candidates.flatMap(({ name, paths }) => (paths === undefined ? [] : [{ name, paths }]));
  if (found.length === 0) return [];
  return [{
    title: `Over ${found[0]!.paths.count} paths, each a whole history`,
    columns: ['forecast', 'accuracy: least', 'median', 'largest', 'Sharpe ratio: least', 'median', 'largest'],
    rows: found.map(({ name, paths: { accuracy, sharpeRatio } }): Cell[] => [name, accuracy.least, accuracy.median, accuracy.largest, sharpeRatio?.least ?? null, sharpeRatio?.median ?? null, sharpeRatio?.largest ?? null]),
    note: 'The paths share days and much of what they learned from: they differ by what was fitted, and are no independent histories.',
    headline: true,
  }];
}

function testTable({ measured }: BacktestInputs): FigureTable {
  const isOne = measured.candidates.length === 1;
  const rows = measured.candidates.flatMap(({ name, tests }) => tests.map(({ claim, test, effect, probability, why }): Cell[] => [
    ...(isOne ? [] : [name]), claim, test, effect, probability, probability === null ? `does not exist: ${why}` : probability < 0.05 ? 'shown' : 'not shown',
  ]));
  return {
    title: `Is it better? Tests on the same days${isOne ? `: ${measured.candidates[0]!.name}` : ''}`,
    columns: [...(isOne ? [] : ['forecast']), 'claim', 'test', 'difference', 'p, one-sided', 'at 5 %'],
    rows,
    note: `${counted(rows.length, 'claim')} tested; of claims that are all untrue, one in twenty looks shown.`,
    headline: true,
  };
}

function splitChart({ split, table, division }: BacktestInputs): Chart {
  const { folds, guards } = division;
  const dayAt = (row: number): string => table.dates[Math.min(row, table.dates.length - 1)]!;
  return {
    kind: 'segments',
    title: `What each fold learns from and is judged on: ${split}`,
    xLabel: 'day',
    lanes: pictureOfFolds(folds, table.dates.length).folds.map((segments, at) => ({
      name: `fold ${at + 1}`,
      segments: segments.map(({ from, to, role }) => ({ from: dayAt(from), to: dayAt(to), role })),
    })),
    note: `Purge of ${counted(guards.purgeDays, 'row')}, the horizon of the label; embargo of ${guards.embargoDays}, the longest feature window, where training goes on after judged rows.`,
  };
}

function equityChart({ table, division, measured, costBasisPoints }: BacktestInputs): Chart {
  const { from, to } = division.judged;
  // A position is held from the close of its day to the next, whose close decides what it was worth.
  const days = table.dates.slice(from + 1, to + 1);
  const best = bestOf(measured);
  const others = measured.candidates.filter((candidate) => candidate !== best);
  const lines = best.equity.length > 1
    ? best.equity.map((equity, at) => ({ name: `${best.name}, path ${at + 1}`, equity }))
    : [best, ...others].map(({ name, equity }) => ({ name, equity: equity[0]! }));
  const series = [...lines.slice(0, MOST_LINES), { name: 'buy and hold', equity: measured.held.equity }];
  return {
    kind: 'line',
    title: 'Capital on judged days',
    xLabel: 'day',
    yLabel: 'capital, 1 at the start',
    series: series.map(({ name, equity }, at) => ({ name, x: days, y: Array.from(equity), ...(at === 0 ? { emphasis: true as const } : {}) })),
    note: `After costs of ${costBasisPoints} basis points.${lines.length > MOST_LINES ? ` ${MOST_LINES} of ${lines.length} lines.` : ''}`,
  };
}

function foldChart({ measured }: BacktestInputs): Chart {
  const best = bestOf(measured);
  const row = (name: string, figure: Figure | undefined, group: string, emphasis = false) =>
    figure?.kind !== 'measured' ? [] : [{ name, value: figure.value, lower: lowerOf(figure), upper: upperOf(figure), group, ...(emphasis ? { emphasis: true as const } : {}) }];
  return {
    kind: 'interval',
    title: 'Accuracy, with 95 % intervals',
    xLabel: 'share of days forecast right',
    rows: [
      ...best.folds.flatMap(({ interval }, at) => row(`${at + 1}: ${measured.folds[at]!.from}`, interval, 'By fold, from')),
      ...[best, ...measured.candidates.filter((candidate) => candidate !== best)].flatMap(({ name, forecast }, at) => row(name, forecast.figures.accuracy, 'All folds together', at === 0)),
      ...measured.baselines.flatMap(({ name, figures }) => row(name, figures.accuracy, 'Baselines')),
    ],
    reference: { x: 0.5, label: 'a coin' },
    note: measured.candidates.length === 1 ? 'A market that rises more often than it falls moves the majority right of the line.' : `The folds are those of ${best.name}.`,
  };
}

function pathCharts({ measured }: BacktestInputs): Chart[] {
  const chart = (title: string, xLabel: string, of: 'accuracy' | 'sharpeRatio', reference: { readonly x: number; readonly label: string }): Chart[] => {
    const rows = measured.candidates.flatMap(({ name, paths }) => {
      const spread = paths?.[of];
      return spread === undefined || spread === null ? [] : [{ name, value: spread.median, lower: spread.least, upper: spread.largest }];
    });
    return rows.length === 0 ? [] : [{ kind: 'interval', title, xLabel, rows, reference, note: 'The dot is the median path, the line goes from the least to the largest.' }];
  };
  return [
    ...chart('Sharpe ratio over all paths', 'a year, after costs', 'sharpeRatio', { x: 0, label: 'nothing gained' }),
    ...chart('Accuracy over all paths', 'share of days forecast right', 'accuracy', { x: 0.5, label: 'a coin' }),
  ];
}
