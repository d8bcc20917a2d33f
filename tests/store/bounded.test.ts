import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mapBounded } from '../../store/bounded.ts';

describe('mapBounded', () => {
  it('keeps the order and never exceeds the limit, but reaches it', async () => {
    let running = 0;
    let most = 0;
    const results = await mapBounded([5, 1, 3, 2, 4, 1], 3, async (pause) => {
      most = Math.max(most, ++running);
      await wait(pause);
      running--;
      return pause * 10;
    });
    expect(results).toEqual([50, 10, 30, 20, 40, 10]);
    expect(most).toBe(3);
  });

  it('throws the first failure after what is under way has ended, and begins nothing more', async () => {
    const ended: number[] = [];
    const work = mapBounded([0, 1, 2, 3], 2, async (item) => {
      if (item === 0) throw undefined;
      await wait(5);
      ended.push(item);
    });
    await expect(work).rejects.toBeUndefined();
    expect(ended).toEqual([1]);
  });

  it('does nothing with nothing', async () => {
    expect(await mapBounded([], 4, async () => 1)).toEqual([]);
  });
});
