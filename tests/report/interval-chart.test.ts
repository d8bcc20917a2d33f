import { describe, expect, it } from 'vitest';
import { drawChart } from '../../cli/report/charts/chart.ts';
import { parseFigures } from '../../cli/report/parse-figures.ts';
import type { IntervalChart } from '../../dsl/contract/index.ts';

const chart: IntervalChart = {
  kind: 'interval', title: 'Accuracy', xLabel: 'share', reference: { x: 0.5, label: 'a coin' },
  rows: [
    { name: 'model', value: 0.55, lower: 0.52, upper: 0.58, emphasis: true },
    { name: '<b>bold</b>', value: 0.5, lower: null, upper: null, group: 'Baselines' },
    { name: 'last', value: 0.48, lower: 0.45, upper: 0.51, group: 'Baselines' },
  ],
};

describe('a chart of intervals', () => {
  it('has a dot for each value, a line for each interval, a line to compare with, and the same as words and as a table', () => {
    const { text } = drawChart(chart);
    expect(text.match(/<circle /g)).toHaveLength(3);
    expect(text.match(/class="diagonal"/g)).toHaveLength(1);
    expect(text).toContain('model 0.55 (0.52 to 0.58)');
    expect(text.match(/>Baselines</g)).toHaveLength(1);
    expect(text).toContain('<td class="n">0.52</td>');
    expect(text).not.toContain('<b>');
    const [dot, from, to] = [/cx="([\d.]+)"/.exec(text)![1], /<path d="M([\d.]+) [\d.]+H([\d.]+)"/.exec(text)!.slice(1)].flat().map(Number);
    expect(from! < dot! && dot! < to!).toBe(true);
  });

  it('leaves out what cannot be drawn, and says when nothing is left', () => {
    expect(drawChart({ ...chart, rows: [{ name: 'x', value: Number.NaN, lower: 0, upper: 1 }] }).text).toContain('There is nothing to draw');
    expect(drawChart({ ...chart, rows: [...chart.rows, { name: 'wide', value: 1, lower: -Infinity, upper: 2 }] }).text).not.toContain('wide');
  });

  it('is read from a document that fits, and from no other', () => {
    const read = (one: unknown) => parseFigures(JSON.stringify({ format: 'pipewright/figures/1', charts: [one] }))!.charts;
    expect(read(chart)).toEqual([chart]);
    expect(read({ ...chart, rows: [{ name: 'x', value: 'high', lower: null, upper: null }] })).toEqual([]);
    expect(read({ ...chart, reference: { x: 0.5 } })).toEqual([]);
  });
});
