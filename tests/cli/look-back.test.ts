import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RICH } from './fixtures.ts';
import { Rig, settle } from './rig.ts';

/* The verbs that look back at runs. Two runs are shared by all tests: nothing here changes them. */

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.create({ 'rich.ts': RICH });
  await rig.ask('run', 'rich.ts');
  await rig.ask('run', 'rich.ts', '--param', 'score=0.6');
});
afterAll(() => rig.remove());

describe('pipewright why', () => {
  it('says in a line a task what it did and why', async () => {
    expect(settle(await rig.ask('why'))).toBe(`rich  run <run>

✓  write(0)  taken from run <run>
✓  write(1)  taken from run <run>
✓  judge     worked: changed since <run>: parameter score: 0.51 → 0.6
–  trophy    skipped
✓  stumble   taken from run <run>
`);
  });

  it('shows all that a fingerprint is made of, and marks what changed', async () => {
    const told = settle(await rig.ask('why', 'judge')).replaceAll(/\b[0-9a-f]{12}\b/g, '<digest>').replaceAll(/ +$/gm, '');
    expect(told).toBe(`rich  run <run>

✓ judge  worked: changed since <run>: parameter score: 0.51 → 0.6
  Its fingerprint <digest> is made of:
     step             judge
     code             <digest>
  *  parameter score  0.6
     input notes      2 artifacts: <digest>, <digest>
     output figures   metrics
     output decision  enum
  Changed since run <run> (*):
    parameter score: 0.51 → 0.6
`);
  });

  it('explains every item of a loop, or one', async () => {
    expect((await rig.ask('why', 'write')).match(/Its fingerprint/g)).toHaveLength(2);
    const one = await rig.ask('why', 'write(1)');
    expect(one.match(/Its fingerprint/g)).toHaveLength(1);
    expect(one).toContain('Nothing of this changed since run');
  });

  it('explains an earlier run', async () => {
    expect(await rig.ask('why', 'judge', '--run', 'previous')).toContain('No earlier run came to it.');
  });
});

describe('pipewright runs', () => {
  it('lists, the newest first', async () => {
    const lines = (await rig.ask('runs', 'list')).trimEnd().split('\n');
    const runs = await rig.runs();
    expect(lines.map((line) => line.split(/ +/)[1])).toEqual([...runs].reverse());
    expect(lines[0]).toMatch(/^✓ {2}\S+ {2}rich {2}succeeded .* 5 tasks, 3 cached {2}texts=\["one","two"\] score=0\.6 code=0$/);
    expect((await rig.ask('runs', 'list', '--limit', '1')).trimEnd().split('\n')).toHaveLength(1);
    expect(await rig.ask('runs', 'list', '--pipeline', 'other')).toBe('The pipeline "other" has not run in .pipewright yet.\n');
  });

  it('shows one, found by the end of its name', async () => {
    const [first] = await rig.runs();
    const told = settle(await rig.ask('runs', 'show', first!.slice(-4)));
    expect(told).toContain('rich  run <run>, <time>\n  texts = ["one","two"]\n  score = 0.51\n  code = 0\n');
    expect(told).toContain('✓ rich succeeded in <duration>: 5 tasks, 4 worked, 1 skipped\nReport: .pipewright/runs/<run>/report.html\n');
  });

  it('compares two: parameters, figures, artifacts', async () => {
    const told = settle(await rig.ask('runs', 'compare')).replaceAll(/\b[0-9a-f]{12}\b/g, '<digest>').replaceAll(/\(\d+ bytes\)/g, '(<size>)').replaceAll(/ +$/gm, '');
    expect(told).toBe(`before  <run>  rich  succeeded  <time>
after   <run>  rich  succeeded  <time>

Parameters
  score  0.51  →  0.6

Figures
  judge: Scores: chosen: accuracy  0.51  →  0.6  +0.09

Artifacts
  judge.figures  <digest> (<size>)  →  <digest> (<size>)
`);
  });

  it('answers a question, for people and for a spreadsheet', async () => {
    const [first, second] = await rig.runs();
    const [head, ...rows] = (await rig.ask('runs', '--sort', 'accuracy', '--filter', "score > 0.5 and status = 'Succeeded'", '--columns', 'id,params.score,accuracy,majority.accuracy,decision')).trimEnd().split('\n').map((line) => line.split(/ +/));
    expect(head).toEqual(['id', 'score', 'metrics.judge.accuracy', 'metrics.judge.majority.accuracy', 'decision']);
    expect(rows).toEqual([[second, '0.6', '0.6', '0.54', 'keep'], [first, '0.51', '0.51', '0.54', 'keep']]);
    expect(await rig.ask('runs', 'list', '--sort', 'accuracy:asc', '--columns', 'id,accuracy,texts', '--format', 'csv', '--limit', '1')).toBe(`id,metrics.judge.accuracy,params.texts\r\n${first},0.51,"[""one"",""two""]"\r\n`);
  });

  it('shows the curves of a run, and lays three beside each other', async () => {
    expect(await rig.ask('runs', 'show', '--curves')).toContain('judge: Equity  Growth by Day\n     points  first  lowest  highest  last\n  s       2      1       1        2     2  ▁█\n');
    const [first, second] = await rig.runs();
    expect(await rig.ask('runs', 'compare', first!, second!, first!, '--format', 'csv')).toContain(`kind,name,${first},${second},${first},${second} minus ${first},${first} minus ${first}\r\nparameters,score,0.51,0.6,0.51,${0.6 - 0.51},0\r\n`);
  });

  it('says so when nothing differs', async () => {
    expect(await rig.ask('runs', 'compare', 'latest', 'latest')).toContain('Nothing differs');
  });
});

describe('pipewright artifacts', () => {
  it('lists what was written, and from where it came', async () => {
    const rows = (await rig.ask('artifacts', 'list')).trimEnd().split('\n').slice(2).map((line) => line.replace(/[0-9a-f]{12}/, '<digest>').replaceAll(/ +/g, ' '));
    expect(rows).toEqual(['write(0)/folder directory 5 bytes 1 file <digest> cached', 'write(0)/note file 4 bytes <digest> cached', 'write(1)/folder directory 5 bytes 1 file <digest> cached', 'write(1)/note file 4 bytes <digest> cached', expect.stringMatching(/^judge\/figures metrics \d+ bytes <digest>$/)]);
  });

  it('copies a file and a folder', async () => {
    expect(await rig.ask('artifacts', 'get', 'latest/write(1)/note', '--to', 'out/note.txt')).toMatch(/^wrote out\/note\.txt \(4 bytes, [0-9a-f]{12}\)\n$/);
    expect(await readFile(rig.path('out/note.txt'), 'utf8')).toBe('two\n');
    await rig.ask('artifacts', 'get', 'latest/write(0)/folder', '--to', 'out/folder');
    expect(await readFile(rig.path('out/folder/in/side'), 'utf8')).toBe('deep\n');
  });

  it('does not write over what is there', async () => {
    await rig.write('full/file', 'mine');
    const { code, stderr } = await rig.call('artifacts', 'get', 'latest/write(0)/folder', '--to', 'full');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error PW502\n/);
    expect(await readFile(rig.path('full/file'), 'utf8')).toBe('mine');
  });
});

it('a report that was removed is written again when its run is shown', async () => {
  const { rm } = await import('node:fs/promises');
  const [first] = await rig.runs();
  const path = rig.path('.pipewright/runs', first!, 'report.html');
  const before = await readFile(path, 'utf8');
  await rm(path);
  await rig.ask('runs', 'show', first!);
  expect(await readFile(path, 'utf8')).toBe(before);
});
