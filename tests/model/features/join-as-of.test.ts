import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinAsOf, type DatedRows, type Decisions } from '../../../model/features/index.ts';

const times = (...values: number[]): Float64Array => Float64Array.from(values);
const join = (...given: Parameters<typeof joinAsOf>): number[] => [...joinAsOf(...given)];

describe('an as-of join', () => {
  it('uses the latest row that was available', () => {
    const rows = { eventTime: times(10, 20, 30), availableAt: times(11, 21, 31) };
    expect(join({ time: times(5, 10, 11, 20.5, 21, 30, 99) }, rows)).toEqual([-1, -1, 0, 0, 1, 1, 2]);
  });

  it('does not use a value that was filled in later, although its event was before the decision', () => {
    // The event of row 1 is before the decision at 25, but nobody knew of it until 100.
    const rows = { eventTime: times(10, 20), availableAt: times(12, 100) };
    expect(join({ time: times(25, 99, 100) }, rows)).toEqual([0, 0, 1]);
    // What a join on event times alone would answer: the leak.
    expect(join({ time: times(25) }, { ...rows, availableAt: rows.eventTime })).toEqual([1]);
  });

  it('uses of several versions of an event the one that was known then', () => {
    const rows = { eventTime: times(10, 10, 10), availableAt: times(30, 11, 20) };
    expect(join({ time: times(15, 25, 35) }, rows)).toEqual([1, 2, 0]);
  });

  it('uses no late news of an older event in place of a newer one', () => {
    expect(join({ time: times(50) }, { eventTime: times(20, 10), availableAt: times(21, 40) })).toEqual([0]);
  });

  it('uses nothing that is stale, and counts the age from the event', () => {
    const rows = { eventTime: times(10), availableAt: times(14) };
    expect(join({ time: times(14, 15, 16) }, rows, 5)).toEqual([0, 0, -1]);
    expect(join({ time: times(14) }, rows, 3)).toEqual([-1]);
  });

  it('keeps keys apart', () => {
    const rows = { eventTime: times(1, 2, 3), availableAt: times(1, 2, 3), key: ['a', 'b', 'a'] };
    expect(join({ time: times(9, 9, 9, 2), key: ['a', 'b', 'c', 'a'] }, rows)).toEqual([2, 1, -1, 0]);
  });

  it('answers like the definition, row by row, in any order', () => {
    const time = fc.integer({ min: 0, max: 12 });
    const key = fc.constantFrom('a', 'b');
    const right = fc.array(fc.record({ event: time, delay: fc.integer({ min: 0, max: 5 }), key }), { maxLength: 14 });
    const left = fc.array(fc.record({ time, key }), { maxLength: 8 });
    fc.assert(
      fc.property(left, right, fc.constantFrom(0, 2, 6, Infinity), (asked, given, age) => {
        const decisions: Decisions = { time: Float64Array.from(asked, (one) => one.time), key: asked.map((one) => one.key) };
        const rows: DatedRows = { eventTime: Float64Array.from(given, (one) => one.event), availableAt: Float64Array.from(given, (one) => one.event + one.delay), key: given.map((one) => one.key) };
        expect(join(decisions, rows, age)).toEqual(asked.map((one) => bruteForce(one, given, age)));
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses times that make no sense', () => {
    const rows = { eventTime: times(10), availableAt: times(9) };
    expect(() => join({ time: times(1) }, rows)).toThrow(new RangeError('Row 0 is available 0.001 s before its event.'));
    expect(() => join({ time: times(NaN) }, { eventTime: times(), availableAt: times() })).toThrow('The time of decision 0 is NaN');
    expect(() => join({ time: times() }, { eventTime: times(NaN), availableAt: times(1) })).toThrow('The times of row 0 are NaN and 1');
    expect(() => join({ time: times() }, { eventTime: times(1), availableAt: times() })).toThrow('columns of one length');
    expect(() => join({ time: times(1), key: ['a'] }, { eventTime: times(1), availableAt: times(1) })).toThrow('a key on both sides');
    expect(() => join({ time: times() }, { eventTime: times(), availableAt: times() }, NaN)).toThrow('The greatest age is NaN');
  });
});

interface Row { readonly event: number; readonly delay: number; readonly key: string }

/** The definition, read out: sort the usable rows by event, version and place, and take the last. */
function bruteForce({ time, key }: { readonly time: number; readonly key: string }, rows: readonly Row[], age: number): number {
  const usable = rows
    .map((row, at) => ({ ...row, at, available: row.event + row.delay }))
    .filter((row) => row.key === key && row.available <= time)
    .sort((a, b) => a.event - b.event || a.available - b.available || a.at - b.at);
  const last = usable.at(-1);
  return last === undefined || time - last.event > age ? -1 : last.at;
}
