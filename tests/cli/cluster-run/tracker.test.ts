import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../dsl/local/event.ts';
import { readRecorded, tell } from './story.ts';

const about = (events: readonly RunEvent[], task: string): readonly string[] => events.filter((event) => 'task' in event && event.task === task).map(({ kind }) => kind);

describe('the events of a recorded workflow', () => {
  it('come in the order that a local run has', () => {
    const { events } = tell(readRecorded('bad'));
    expect(events[0]).toMatchObject({ kind: 'RunStarted', pipeline: 'sw-sample', run: 'sw-bad', executor: 'argo', parameters: { code: 3 } });
    expect(about(events, 'count')).toEqual(['TaskStarted', 'AttemptStarted', 'AttemptEnded', 'TaskEnded']);
    expect(about(events, 'shaky')).toEqual(['TaskStarted', 'AttemptStarted', 'AttemptEnded', 'RetryScheduled', 'AttemptStarted', 'AttemptEnded', 'TaskEnded']);
    expect(about(events, 'after')).toEqual(['TaskEnded']);
    expect(about(events, 'big-a')).toEqual(['TaskEnded']);
    const kinds = events.map((event) => ('task' in event ? `${event.kind} ${event.task}` : event.kind));
    expect(kinds.indexOf('ExitHandlerStarted')).toBeGreaterThan(kinds.indexOf('TaskEnded after'));
    expect(kinds.indexOf('TaskStarted bye')).toBeGreaterThan(kinds.indexOf('ExitHandlerStarted'));
  });

  it('tell why something failed, in the words of the step where it has any', () => {
    const { events } = tell(readRecorded('bad'));
    const ended = (task: string) => events.find((event) => event.kind === 'TaskEnded' && event.task === task);
    expect(ended('stumble')).toMatchObject({ status: 'Failed', reason: { code: 'PW502', message: 'The table is empty.' } });
    expect(ended('shaky')).toMatchObject({ status: 'Failed', reason: { code: 'PW301', message: 'The task "shaky" ended with exit code 3.', fix: expect.stringContaining('runs/sw-bad/tasks/shaky/attempt-2.log') } });
    expect(ended('after')).toEqual(expect.not.objectContaining({ reason: expect.anything() }));
    expect(events.find(({ kind }) => kind === 'ExitHandlerStarted')).toMatchObject({ status: 'Failed' });
  });

  it('say what a condition and a loop came to', () => {
    const { events } = tell(readRecorded('good'));
    expect(events.filter(({ kind }) => kind === 'BranchTaken')).toMatchObject([{ group: 'is-many', branch: 'then' }, { group: 'is-big', branch: 'otherwise' }]);
    expect(events.flatMap((event) => (event.kind === 'LoopExpanded' ? [`${event.group} ${event.items}`] : [])).sort()).toEqual(['each-word 3', 'letters(0) 2', 'letters(1) 2', 'nothing 0', 'outer 2']);
  });

  it('are the same but for their order, whatever an observer has missed', () => {
    for (const name of ['good', 'bad'] as const) {
      const all = readRecorded(name);
      const known = (events: readonly RunEvent[]) => events.map((event) => JSON.stringify({ ...event, at: 0 })).sort();
      const whole = known(tell(all).events);
      fc.assert(fc.property(fc.subarray(all.slice(0, -1)), (some) => {
        expect(known(tell([...some, all.at(-1)!]).events)).toEqual(whole);
      }), { numRuns: 40 });
    }
  });

  it('are told once, however often the same is seen', () => {
    const all = readRecorded('good');
    expect(tell(all.flatMap((one) => [one, one])).events).toHaveLength(tell(all).events.length);
  });
});
