/** A backtest finds a planted signal by every split; the quick tests look at one of them. */
import { it } from 'vitest';
import { expectPlanted, SPLITS } from '../cli/backtest/markets.ts';

it.each(SPLITS)('%s: a planted signal is far above chance', async (split) => {
  await expectPlanted(split, 5);
});
