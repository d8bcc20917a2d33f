import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawChart } from '../../cli/report/charts/chart.ts';
import { parseFigures } from '../../cli/report/parse-figures.ts';
import { sampleFigures } from './sample-document.ts';

const line = { kind: 'line', title: 'L', xLabel: 'x', yLabel: 'y', series: [{ name: 'a', x: [1, 2, 3], y: [1, null, 2] }] };

describe('a document of figures', () => {
  it('comes back as it was written', () => {
    const figures = sampleFigures(50);
    expect(parseFigures(JSON.stringify(figures))).toEqual(figures);
  });

  it('loses what is not as it should be, and nothing else', () => {
    const text = JSON.stringify({
      format: 'pipewright/figures/1', title: 7, summary: ['no'],
      tables: [{ title: 'good', columns: ['a', 'b'], rows: [['x', 1], ['y', null]] }, { title: 'rows are no lists', columns: ['a'], rows: [{ a: 1 }] }, 'text'],
      charts: [line, { ...line, series: 'none' }, { kind: 'pie', title: 'unknown' }, { kind: 'bar', title: 'B', yLabel: 'y', bars: [{ name: 'a' }] }, { kind: 'matrix', title: 'M', labels: ['a'], counts: [[1]] }, { ...line, mark: { x: {}, label: 'm' } }],
    });
    const figures = parseFigures(text)!;
    expect(figures.title).toBe('Figures');
    expect(figures.summary).toBeUndefined();
    expect(figures.tables!.map((table) => table.title)).toEqual(['good']);
    expect(figures.charts!.map((chart) => chart.kind)).toEqual(['line', 'matrix']);
  });

  it.each(['', 'not json', '[]', 'null', '3', '{}', '{"format":"pipewright/figures/2","title":"t"}'])('is not %j', (text) => {
    expect(parseFigures(text)).toBeUndefined();
  });

  it('can always be drawn once it was read', () => {
    const value = fc.oneof(fc.string(), fc.double(), fc.constant(null), fc.array(fc.double(), { maxLength: 3 }));
    const chart = fc.record(
      {
        kind: fc.constantFrom('line', 'bar', 'matrix'), title: fc.string(), xLabel: fc.string(), yLabel: fc.string(), diagonal: fc.boolean(),
        labels: fc.array(fc.string(), { maxLength: 4 }), counts: fc.array(fc.array(fc.double(), { maxLength: 4 }), { maxLength: 4 }),
        bars: fc.array(fc.record({ name: fc.string(), value: fc.double() }), { maxLength: 4 }),
        series: fc.array(fc.record({ name: fc.string(), x: fc.array(fc.oneof(fc.double(), fc.constantFrom('2020-01-01', '2021-01-01', 'never')), { maxLength: 6 }), y: fc.array(fc.oneof(fc.double(), fc.constant(null)), { maxLength: 6 }) }), { maxLength: 3 }),
        mark: fc.record({ x: value, label: fc.string() }),
      },
      { requiredKeys: ['kind', 'title', 'xLabel', 'yLabel', 'labels', 'counts', 'bars', 'series'] },
    );
    fc.assert(
      fc.property(fc.array(chart, { maxLength: 3 }), (charts) => {
        for (const one of parseFigures(JSON.stringify({ format: 'pipewright/figures/1', title: 't', charts }))!.charts!) expect(drawChart(one).text).not.toMatch(/NaN|Infinity|undefined/);
      }),
    );
  });
});
