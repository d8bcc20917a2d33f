import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIAMOND, ENDLESS, RICH } from './fixtures.ts';
import { hasStackTrace, Rig, settle } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.create({ 'diamond.ts': DIAMOND, 'rich.ts': RICH, 'endless.ts': ENDLESS, 'seven.json': '{ "n": 7 }' });
});
afterAll(() => rig.remove());

describe('pipewright run', () => {
  it('runs, tells each step, and writes a report', async () => {
    const told = await rig.ask('run', 'diamond.ts', '--parallel', '1');
    const [run] = await rig.runs();
    const [events, ...rest] = settle(told).split('\n\n');
    // The two in the middle work side by side.
    expect(events!.split('\n').sort()).toEqual([
      'add  ● works: no earlier run has come to this task',
      'add  ✓ succeeded in <duration>  sum = 25',
      'diamond  run <run>, executor process, at most 1 step at once',
      'left  ● works: no earlier run has come to this task',
      'left  ✓ succeeded in <duration>  square = 9',
      'right  ● works: no earlier run has come to this task',
      'right  ✓ succeeded in <duration>  square = 16',
      'split  ● works: no earlier run has come to this task',
      'split  ✓ succeeded in <duration>  half = 3, rest = 4',
    ]);
    expect(rest.join('\n\n')).toBe(`✓  split  succeeded <duration>  half = 3, rest = 4
✓  left   succeeded <duration>  square = 9
✓  right  succeeded <duration>  square = 16
✓  add    succeeded <duration>  sum = 25

✓ diamond succeeded in <duration>: 4 tasks, 4 worked
Report: .pipewright/runs/<run>/report.html
`);
    expect(await readFile(rig.path('.pipewright/runs', run!, 'report.html'), 'utf8')).toContain('<h1>diamond ');
  });

  it('takes everything from the cache the second time, and the third time only what is new', async () => {
    expect(settle(await rig.ask('run', 'diamond.ts', '--param-file', 'seven.json'))).toContain('✓ diamond succeeded in <duration>: 4 tasks, 4 cached\n');
    const third = settle(await rig.ask('run', 'diamond.ts', '--param-file', 'seven.json', '--param', 'n=8', '--no-report'));
    expect(third).toContain('split  ● works: changed since <run>: parameter n: 7 → 8');
    expect(third).toContain('✓ diamond succeeded in <duration>: 4 tasks, 2 worked, 2 cached\n');
    // Both halves of 8 are 4, and 4 was squared before, by another task.
    expect(third).toContain('left  ✓ cached  square = 16');
    expect(third).not.toContain('Report');
  });

  it('does all work again without the cache', async () => {
    const told = await rig.ask('run', 'diamond.ts', '--no-cache', '--no-report', '--seed', '4');
    expect(told).toContain('seed 4');
    expect(told.match(/● works: the cache is off/g)).toHaveLength(4);
  });

  it('prints events as NDJSON and nothing else, the last one saying how it ended', async () => {
    const lines = (await rig.ask('run', 'diamond.ts', '--output', 'ndjson')).trimEnd().split('\n').map((line) => JSON.parse(line) as { kind: string });
    expect(lines[0]).toMatchObject({ kind: 'RunStarted', pipeline: 'diamond', parameters: { n: 7 } });
    expect(lines.at(-1)).toMatchObject({ kind: 'RunEnded', status: 'Succeeded', cached: 4 });
    expect(lines.filter(({ kind }) => kind === 'TaskEnded')).toHaveLength(4);
  });

  it('prints the headline figures beside their baselines, and the summary', async () => {
    const told = await rig.ask('run', 'rich.ts');
    expect(told).toContain(`Keep: the data cannot tell.

Scores
  model     accuracy
  chosen        0.51
  majority      0.54
  One trial.
`);
    expect(told).not.toContain('Other');
    expect(settle(told)).toContain('✓ rich succeeded in <duration>: 5 tasks, 4 worked, 1 skipped\n');
  });

  it('ends with 1 when a step failed, and shows the reason, the end of its log and where the log is', async () => {
    const { code, stdout, stderr } = await rig.call('run', 'rich.ts', '--param', 'code=3');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(settle(stdout)).toContain(`
error PW301 stumble
  The task "stumble" ended with exit code 3. Its last words: no such table
  → Read its log: .pipewright/runs/<run>/tasks/stumble/attempt-1.log.
  │ begun
  │ no such table
`);
    expect(settle(stdout)).toContain('✗ rich failed in <duration>: 5 tasks, 3 cached, 1 failed, 1 skipped\n');
  });

  it('runs inline as well', async () => {
    expect(settle(await rig.ask('run', 'diamond.ts', '--executor', 'inline', '--no-cache'))).toContain('4 tasks, 4 worked');
  });

  it('keeps runs and store where it is told', async () => {
    await rig.ask('run', 'diamond.ts', '--folder', 'elsewhere', '--store', 'shelf');
    expect(await rig.ask('runs', 'list', '--folder', 'elsewhere')).toContain('diamond');
    expect((await rig.call('runs', 'show', '--folder', 'nowhere')).stderr).toContain('Nothing has run in nowhere yet.');
  });

  it('does not mind a reader that had enough', async () => {
    const { execFile } = await import('node:child_process');
    const ended = new Promise<string>((resolve) => execFile('sh', ['-c', `"${process.execPath}" "${new URL('../../cli/bin.mjs', import.meta.url).pathname}" run diamond.ts --no-cache 2>&1 | head -1`], { cwd: rig.folder }, (_, stdout) => resolve(stdout)));
    expect(settle(await ended)).toMatch(/^diamond {2}run <run>, executor process, at most \d+ steps? at once\n$/);
  });
});

describe('Ctrl-C', () => {
  it('ends what runs, lets the exit handler work, and ends with 130', async () => {
    const run = rig.start(['run', 'endless.ts']);
    await run.until('│ waiting');
    run.signal('SIGINT');
    const { code, stdout, stderr } = await run.ended;
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    expect(stdout).toContain('Stopping: the steps at work are being ended. Press Ctrl-C again to kill them.');
    expect(stdout).toContain('say  │ Failed');
    expect(settle(stdout)).toContain('■ endless cancelled in <duration>: 2 tasks, 1 worked, 1 cancelled\n');
  });

  it('kills, the second time, a step that does not heed SIGTERM', async () => {
    const run = rig.start(['run', 'endless.ts', '--param', 'heed=false']);
    await run.until('│ waiting');
    run.signal('SIGINT');
    await run.until('Stopping');
    run.signal('SIGINT');
    const { code, stdout, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stdout + stderr).toMatch(/cancelled/);
    expect(stdout).not.toContain('say  │');
    expect(hasStackTrace(stdout + stderr)).toBe(false);
    expect(await rig.ask('runs', 'list', '--pipeline', 'endless', '--limit', '1')).toMatch(/interrupted|cancelled/);
  });
});
