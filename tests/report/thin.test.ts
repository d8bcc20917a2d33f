import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sampleEvenly, thin } from '../../cli/report/charts/thin.ts';

const series = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 500 }).map((values) => values.map((y, x) => ({ x, y })));

it('keeps the ends and every extreme, in order, and not more points than allowed', () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 8, max: 200 }), (points, limit) => {
      const kept = thin(points, limit);
      expect(kept.length).toBeLessThanOrEqual(Math.max(limit, points.length <= limit ? points.length : 0));
      expect(kept[0]).toBe(points[0]);
      expect(kept.at(-1)).toBe(points.at(-1));
      const heights = points.map((point) => point.y);
      expect(Math.max(...kept.map((point) => point.y))).toBe(Math.max(...heights));
      expect(Math.min(...kept.map((point) => point.y))).toBe(Math.min(...heights));
      kept.slice(1).forEach((point, index) => expect(point.x).toBeGreaterThan(kept[index]!.x));
    }),
  );
});

it('keeps a single peak among ten thousand points', () => {
  const points = Array.from({ length: 10_000 }, (_, x) => ({ x, y: x === 4321 ? 1 : 0 }));
  expect(thin(points, 900)).toContainEqual({ x: 4321, y: 1 });
});

it('leaves a short series alone', () => {
  const points = [{ x: 0, y: 1 }, { x: 1, y: 2 }];
  expect(thin(points, 900)).toBe(points);
});

it('samples evenly, with both ends', () => {
  expect(sampleEvenly([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 3)).toEqual([0, 5, 10]);
  expect(sampleEvenly([1, 2], 5)).toEqual([1, 2]);
});
