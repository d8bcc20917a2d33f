import { describe, expect, it } from 'vitest';
import { drawChart } from '../../cli/report/charts/chart.ts';
import type { LineChart } from '../../dsl/contract/index.ts';

const line: LineChart = { kind: 'line', title: 'Loss', xLabel: 'Epoch', yLabel: 'Nats', series: [{ name: 'train', x: [0, 10, 20], y: [0.7, 0.69, 0.68] }, { name: 'validation', x: [0, 10, 20], y: [0.7, 0.695, 0.71] }], mark: { x: 10, label: 'chosen' } };

/** All numbers of the path with this beginning of attributes. */
function coordinates(svg: string, before: RegExp): readonly number[] {
  return [...(before.exec(svg)?.[1] ?? '').matchAll(/-?\d+(?:\.\d+)?/g)].map(Number);
}

describe('a line chart', () => {
  const { text } = drawChart(line);

  it('puts the lowest value at the floor and the highest at the top, and x from left to right', () => {
    // Nats 0.68 to 0.71 are whole ticks: the floor of the paper is at 258, its top at 30.
    expect(coordinates(text, /<g class="line s0"><path d="(M60[^"]+)"/)).toEqual([60, 106, 301, 182, 542, 258]);
    expect(coordinates(text, /<g class="line s1"><path d="(M60[^"]+)"/)).toEqual([60, 106, 301, 144, 542, 30]);
  });

  it('names axes, ticks, series and its mark', () => {
    for (const word of ['>Epoch<', '>Nats<', '>0.68<', '>0.71<', '>20<', '>train</li>', '>validation</li>', '>chosen<']) expect(text).toContain(word);
  });

  it('says what it shows to those who cannot see it, and has the numbers as a table', () => {
    expect(text).toContain('<desc>Nats over Epoch, 0 to 20: train goes from 0.7 to 0.68; validation goes from 0.7 to 0.71.</desc>');
    expect(text).toContain('<tr><th scope="row">10</th><td class="n">0.69</td><td class="n">0.695</td></tr>');
  });

  it('shows every value to whoever points at it', () => {
    expect(text).toContain('<title>10\ntrain: 0.69\nvalidation: 0.695</title>');
  });

  it('has no legend for one series, and leaves gaps where there is no number', () => {
    const one = drawChart({ ...line, series: [{ name: 'a', x: ['2020-01-01', '2020-01-02', '2020-01-03'], y: [1, null as never, 3] }] }).text;
    expect(one).not.toContain('class="legend"');
    expect(one).toContain('2020-01-01 to 2020-01-03');
    expect(coordinates(one, /<g class="line s0"><path d="(M60[^"]+)"/)).toHaveLength(4);
  });

  it('says so when there is nothing to draw', () => {
    expect(drawChart({ ...line, series: [] }).text).toContain('There is nothing to draw');
    expect(drawChart({ ...line, series: [{ name: 'a', x: [1], y: [Number.NaN] }] }).text).toContain('There is nothing to draw');
  });

  it('thins a long series to what the paper can show', () => {
    const x = Array.from({ length: 50_000 }, (_, index) => index);
    const { text: long } = drawChart({ ...line, series: [{ name: 'walk', x, y: x.map((value) => Math.sin(value / 500)) }] });
    expect(long.length).toBeLessThan(40_000);
    expect(coordinates(long, /<g class="line s0"><path d="(M60[^"]+)"/).length).toBeLessThanOrEqual(2 * 900);
  });

  it('gives both axes of a diagonal chart the same range', () => {
    const { text: roc } = drawChart({ ...line, diagonal: true, series: [{ name: 'roc', x: [0, 0.5, 1], y: [0, 0.6, 1] }] });
    expect(roc).toContain('class="diagonal" d="M60 378L542 30"');
  });
});

describe('a bar chart', () => {
  const { text } = drawChart({ kind: 'bar', title: 'Importance', yLabel: 'Nats', bars: [{ name: 'a', value: 4 }, { name: 'b', value: -2 }, { name: 'broken', value: Number.NaN }] });

  it('draws bars from zero, to either side', () => {
    const bars = [...text.matchAll(/<rect x="([\d.]+)" y="\d+" width="([\d.]+)"/g)].map((match) => [Number(match[1]), Number(match[2])] as const);
    expect(bars).toHaveLength(2);
    const [[zero, four], [low, two]] = bars as [readonly [number, number], readonly [number, number]];
    expect(low + two).toBeCloseTo(zero, 0);
    expect(four / two).toBeCloseTo(2, 1);
  });

  it('says the extremes in words', () => {
    expect(text).toContain('<desc>Nats of 2: highest a with 4, lowest b with −2.</desc>');
  });
});

describe('a matrix', () => {
  const { text } = drawChart({ kind: 'matrix', title: 'Confusion', labels: ['down', 'up'], counts: [[30, 10], [5, 15]] });

  it('counts by actual row and predicted column, with shares of the row', () => {
    expect(text).toContain('<title>actual down, predicted up: 10 (25.0 % of the row)</title>');
    expect(text).toContain('<title>actual up, predicted down: 5 (25.0 % of the row)</title>');
    expect(text).toContain('45 of 60 are on the diagonal');
  });

  it('shades a cell by its share of the row', () => {
    expect([...text.matchAll(/fill-opacity="([\d.]+)"/g)].map((match) => Number(match[1]))).toEqual([0.49, 0.19, 0.19, 0.49]);
  });
});
