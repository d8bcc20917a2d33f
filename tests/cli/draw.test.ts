import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIAMOND, RICH } from './fixtures.ts';
import { Rig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.create({ 'diamond.ts': DIAMOND, 'rich.ts': RICH });
});
afterAll(() => rig.remove());

describe('pipewright graph', () => {
  it('prints Mermaid with what travels along each edge', async () => {
    expect(await rig.ask('graph', 'diamond.ts')).toBe(`flowchart TD
  n0["split"]
  n1["left<br/><small>square</small>"]
  n2["right<br/><small>square</small>"]
  n3["add"]
  n0 -->|"half → n"| n1
  n0 -->|"rest → n"| n2
  n1 -->|"square → a"| n3
  n2 -->|"square → b"| n3
`);
  });

  it('draws conditions and loops as boxes with heads', async () => {
    const mermaid = await rig.ask('graph', 'rich.ts');
    for (const line of ['subgraph b0 ["for each: each-text"]', 'subgraph b1 ["when: won"]', '{{"judge.decision == #quot;promote#quot; ?"}}', '(["each of texts"])', '==>|"all note → notes"|', '-.->|"yes"|', '-->|"decision"|']) expect(mermaid).toContain(line);
  });

  it('prints DOT, and writes an SVG that stands alone', async () => {
    const dot = await rig.ask('graph', 'rich.ts', '--format', 'dot');
    expect(dot).toMatch(/^digraph "rich" \{\n/);
    expect(dot).toContain('"write" -> "judge" [label="all note → notes", style=bold];');
    expect(dot.split('{').length).toBe(dot.split('}').length);
    expect(await rig.ask('graph', 'rich.ts', '--format', 'svg', '--out', 'out/rich.svg')).toBe('wrote out/rich.svg\n');
    const svg = await readFile(rig.path('out/rich.svg'), 'utf8');
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg.match(/class="card"/g)).toHaveLength(4);
  });
});

describe('pipewright compile', () => {
  it('prints Argo YAML whose first line says how it was made', async () => {
    const yaml = await rig.ask('compile', 'diamond.ts');
    expect(yaml).toMatch(/^# Made by: pipewright compile diamond\.ts\n/);
    expect(yaml).toContain('kind: WorkflowTemplate');
    expect(await rig.ask('compile', 'diamond.ts', '--out', 'made')).toBe('wrote made/diamond.yaml\n');
    expect(await readFile(rig.path('made/diamond.yaml'), 'utf8')).toBe(yaml.replace('diamond.ts\n', 'diamond.ts --out made\n'));
  });
});

it('pipewright check counts what it found good', async () => {
  expect(await rig.ask('check', 'diamond.ts')).toBe('✓ diamond: 4 tasks, 3 steps, no mistakes\n');
});
