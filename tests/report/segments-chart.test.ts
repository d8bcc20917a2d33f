import { describe, expect, it } from 'vitest';
import { drawChart } from '../../cli/report/charts/chart.ts';
import { parseFigures } from '../../cli/report/parse-figures.ts';
import type { SegmentsChart } from '../../dsl/contract/index.ts';

const split: SegmentsChart = {
  kind: 'segments', title: 'Split', xLabel: 'Row',
  lanes: [
    { name: 'fold 1', segments: [{ from: 0, to: 50, role: 'train' }, { from: 50, to: 51, role: 'purged' }, { from: 51, to: 100, role: 'test' }] },
    { name: '<fold 2>', segments: [{ from: 0, to: 100, role: 'train' }] },
  ],
};

describe('a chart of segments', () => {
  const { text } = drawChart(split);

  it('cuts each lane where its pieces end', () => {
    const boxes = [...text.matchAll(/<g class="bar (s\d)"><title>([^<]*)<\/title><rect x="([\d.]+)" y="(\d+)" width="([\d.]+)"/g)].map(([, style, title, x, y, width]) => [style, title, Number(x), Number(y), Number(width)]);
    // 450 wide from 92 on; the widest first.
    expect(boxes).toEqual([
      ['s0', 'fold 1: train\n0 to 50', 92, 17, 225],
      ['s2', 'fold 1: test\n51 to 100', 321.5, 17, 220.5],
      ['s1', 'fold 1: purged\n50 to 51', 317, 17, 4.5],
      ['s0', '&lt;fold 2&gt;: train\n0 to 100', 92, 47, 450],
    ]);
  });

  it('names roles, says what it shows, and has the numbers as a table', () => {
    expect(text).toMatch(/<\/svg>train<\/li>.*<\/svg>purged<\/li>.*<\/svg>test<\/li>/s);
    expect(text).toContain('<desc>2 lanes over Row, 0 to 100, in 4 pieces: train, purged, test.</desc>');
    expect(text).toContain('<tr><th scope="row">fold 1</th><td>purged</td><td>50</td><td>51</td></tr>');
  });

  it('has days on its axis, shows what is narrow, and draws nothing that has no place', () => {
    const days = drawChart({ ...split, lanes: [{ name: 'all', segments: [{ from: '2000-01-01', to: '2020-01-01', role: 'train' }, { from: '2020-01-01', to: '2020-01-02', role: 'purged' }, { from: 'never', to: '2020-01-02', role: 'test' }, { from: 3, to: 9, role: 'test' }] }] }).text;
    expect(days).toContain('2000-01-01 to 2020-01-02, in 2 pieces: train, purged.');
    expect(days).toMatch(/width="1\.5"/);
    expect(drawChart({ ...split, lanes: [] }).text).toContain('There is nothing to draw');
  });

  it('is read from a step of any language if it has the form, and left out if not', () => {
    const charts = (lanes: unknown) => parseFigures(JSON.stringify({ format: 'pipewright/figures/1', title: 'T', charts: [{ ...split, lanes }] }))!.charts;
    expect(charts(split.lanes)).toEqual([split]);
    expect(charts([{ name: 'a', segments: [{ from: 0, to: 1 }] }])).toEqual([]);
    expect(charts('all')).toEqual([]);
  });
});
