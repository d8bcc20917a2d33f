import type { Chart } from '../../../dsl/contract/index.ts';
import { unreachable } from '../../../dsl/util/index.ts';
import type { Markup } from '../../../dsl/util/markup.ts';
import { drawBarChart } from './bar-chart.ts';
import { drawIntervalChart } from './interval-chart.ts';
import { drawLineChart } from './line-chart.ts';
import { drawMatrixChart } from './matrix-chart.ts';
import { drawSegmentsChart } from './segments-chart.ts';

/** A chart as a `figure`: drawing, legend and the same numbers as a table. Never throws on odd numbers: it leaves them out. */
export function drawChart(chart: Chart): Markup {
  switch (chart.kind) {
    case 'line':
      return drawLineChart(chart);
    case 'bar':
      return drawBarChart(chart);
    case 'interval':
      return drawIntervalChart(chart);
    case 'matrix':
      return drawMatrixChart(chart);
    case 'segments':
      return drawSegmentsChart(chart);
    default:
      return unreachable(chart);
  }
}
