/** All canaries: `npm run test:canary`. Some minutes of one processor. */
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('on 200 random walks the path promotes over its baselines at most at the stated rate, and everything else is as stated', async () => {
  const bin = fileURLToPath(new URL('../../cli/bin.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [bin, 'canary', '--processes', String(Math.min(8, availableParallelism()))]);
  process.stdout.write(stdout);
  expect(stdout).toMatch(/✓ random walks promoted over their baselines \(policy superior\): \d+ of 200,/);
  for (const flock of ['random walks, 5 days ahead,', 'random walks, 20 days ahead,', 'drifting markets']) expect(stdout).toMatch(new RegExp(`✓ ${flock} promoted over their baselines \\(policy superior\\): \\d+ of 40,`));
  expect(stdout).toMatch(/✓ planted signals promoted over their baselines: 5 of 5,/);
  expect(stdout).toContain('The canaries are alive.');
});
