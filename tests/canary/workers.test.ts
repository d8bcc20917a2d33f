import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { callWorkers, together, type WorkerCall } from '../../cli/canary/workers.ts';

const works = (name: string, program: string, lines: number): WorkerCall => ({ name, words: ['--input-type=module', '--eval', program], lines });
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the processes that share the work of the canary', () => {
  it('answer in the order of their calls', async () => {
    const seen: number[] = [];
    expect(await callWorkers<number>([works('one', 'setTimeout(() => console.log("1\\n2"), 50)', 2), works('other', 'console.log(3)', 1)], (value) => void seen.push(value))).toEqual([[1, 2], [3]]);
    expect(seen.toSorted()).toEqual([1, 2, 3]);
  });

  it.each([
    ['process.exit(3)', 'exit code 3 after 0 of 2'],
    ['process.kill(process.pid, "SIGKILL")', 'the signal SIGKILL after 0 of 2'],
    ['console.log(1); console.log("{\\"da")', 'exit code 0 after 1 of 2'],
  ])('end together when one of them dies: %s', async (dies, said) => {
    // It dies only when the other one is at work, which a file tells.
    const folder = await mkdtemp(join(tmpdir(), 'pipewright-workers-'));
    const sign = JSON.stringify(join(folder, 'pid'));
    const sleeps = `import { writeFileSync, renameSync } from 'node:fs'; writeFileSync(${sign} + '-', String(process.pid)); renameSync(${sign} + '-', ${sign}); setInterval(() => {}, 1000);`;
    const waits = `import { existsSync } from 'node:fs'; const timer = setInterval(() => { if (existsSync(${sign})) { clearInterval(timer); ${dies}; } }, 5);`;
    try {
      await expect(callWorkers([works('part 1 of 2', sleeps, 1), works('part 2 of 2', waits, 2)], () => {})).rejects.toThrow(`PW301: The process for part 2 of 2 ended with ${said}.`);
      expect(isAlive(Number(await readFile(join(folder, 'pid'), 'utf8')))).toBe(false);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('end when what goes on beside them fails, which is what is told', async () => {
    let pid = 0;
    const failing = together((signal) => [
      callWorkers<number>([works('all', 'console.log(process.pid); setInterval(() => {}, 1000);', 2)], (value) => void (pid = value), signal),
      expect.poll(() => pid, { timeout: 20_000 }).toBeGreaterThan(0).then(() => Promise.reject(new RangeError('beside'))),
    ]);
    await expect(failing).rejects.toThrow('beside');
    expect(isAlive(pid)).toBe(false);
  });

  it('end with the process that called them, when that one alone is told to', async () => {
    const program = `import { callWorkers } from ${JSON.stringify(new URL('../../cli/canary/workers.ts', import.meta.url).href)};
      await callWorkers([{ name: 'all', words: ['--eval', 'console.log(process.pid); setInterval(() => {}, 1000)'], lines: 2 }], (pid) => console.log(pid));`;
    const caller = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(caller, 'close');
    const [pid] = (await once(createInterface({ input: caller.stdout }), 'line')) as [string];
    expect(isAlive(Number(pid))).toBe(true);
    caller.kill('SIGTERM');
    expect(await ended).toEqual([null, 'SIGTERM']);
    await expect.poll(() => isAlive(Number(pid)), { timeout: 20_000 }).toBe(false);
  });
});
