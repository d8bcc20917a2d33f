import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parametersOf, SnapshotReader } from '../../../cli/cluster-run/snapshot.ts';
import type { Workflow } from '../../../cli/cluster-run/workflow.ts';
import { PIPELINE, readRecorded, tell } from './story.ts';

const standings = (workflow: Workflow): Record<string, string> => {
  const { tasks, groups } = new SnapshotReader(PIPELINE, parametersOf(PIPELINE, workflow)).read(workflow);
  return Object.fromEntries([...tasks.map(({ task, standing }) => [task, standing]), ...groups.map(({ group, standing, branch, length }) => [`[${group}]`, [standing, branch, length].filter((part) => part !== undefined).join(' ')])]);
};

describe('a recorded workflow in the words of its pipeline', () => {
  it('names every instance, what it came to, and what its groups decided', () => {
    expect(standings(readRecorded('good').at(-1)!)).toEqual({
      count: 'Succeeded', 'say(0)': 'Succeeded', 'say(1)': 'Succeeded', 'say(2)': 'Succeeded', 'deep(0)(0)': 'Succeeded', 'deep(0)(1)': 'Succeeded', 'deep(1)(0)': 'Succeeded', 'deep(1)(1)': 'Succeeded',
      'inner(0)': 'Succeeded', 'inner(1)': 'Succeeded', many: 'Succeeded', 'big-a': 'Skipped', 'big-b': 'Skipped', never: 'Skipped', shaky: 'Succeeded', stumble: 'Succeeded', after: 'Succeeded', bye: 'Succeeded',
      '[each-word]': 'Succeeded 3', '[letters(0)]': 'Succeeded 2', '[letters(1)]': 'Succeeded 2', '[outer]': 'Succeeded 2', '[is-many]': 'Succeeded then', '[is-big]': 'Skipped otherwise', '[nothing]': 'Skipped 0',
    });
  });

  it('tells failed from omitted', () => {
    const seen = standings(readRecorded('bad').at(-1)!);
    expect(seen).toMatchObject({ shaky: 'Failed', stumble: 'Failed', after: 'Omitted', bye: 'Succeeded', many: 'Succeeded' });
  });

  it('knows on the way what still waits', () => {
    const [first, begun] = readRecorded('good');
    expect(new Set(Object.values(standings(first!)))).toEqual(new Set(['Waiting']));
    expect(standings(begun!)).toMatchObject({ count: 'Running', many: 'Waiting', '[is-many]': 'Waiting', after: 'Waiting', bye: 'Waiting', '[each-word]': 'Running 3' });
  });

  it('reads results by their types', () => {
    const { tasks } = tell(readRecorded('good')).last;
    const results = Object.fromEntries(tasks.map(({ task, results }) => [task, results]));
    expect(results['count']).toEqual({ n: 3, many: true });
    // Argo itself shows the second item as "two 2".
    expect([0, 1, 2].map((item) => results[`say(${item})`])).toEqual([{ said: 'one!' }, { said: 'two (2)!' }, { said: 'three!' }]);
    expect([results['deep(0)(1)'], results['deep(1)(0)']]).toEqual([{ said: 'y!' }, { said: 'x!' }]);
    expect(results['bye']).toEqual({ said: 'Succeeded!' });
  });

  it('counts attempts', () => {
    const attempts = (name: 'good' | 'bad') => tell(readRecorded(name)).last.tasks.find(({ task }) => task === 'shaky')!.attempts.map(({ standing }) => standing);
    expect(attempts('good')).toEqual(['Succeeded']);
    expect(attempts('bad')).toEqual(['Failed', 'Failed']);
  });

  it('unpacks nodes that Argo has packed', () => {
    const last = readRecorded('good').at(-1)!;
    const { nodes, ...status } = last.status!;
    const packed = { ...last, status: { ...status, compressedNodes: gzipSync(JSON.stringify(nodes)).toString('base64') } };
    expect(standings(packed)).toEqual(standings(last));
  });

  it('takes what never began for cancelled when its user stopped it, else for omitted', () => {
    const [, begun] = readRecorded('good');
    const over = (spec: object, annotations = {}): Workflow => ({ ...begun!, metadata: { ...begun!.metadata, annotations }, spec: { ...begun!.spec, ...spec }, status: { ...begun!.status!, phase: 'Failed' } });
    expect(standings(over({ shutdown: 'Terminate' }))).toMatchObject({ many: 'Cancelled', count: 'Cancelled', bye: 'Cancelled' });
    expect(standings(over({}))).toMatchObject({ many: 'Omitted', bye: 'Omitted' });
    // We ended it ourselves, because something could not start.
    expect(standings(over({ shutdown: 'Terminate' }, { 'pipewright/cause': '{}' }))).toMatchObject({ many: 'Omitted' });
  });

  it('gives back the parameters that the workflow was given', () => {
    expect(parametersOf(PIPELINE, readRecorded('bad')[0]!)).toEqual({ words: ['one', 'two (2)', 'three'], none: [], code: 3 });
  });
});
