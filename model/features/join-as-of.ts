/** When each row of a table happened and from when on it could be known. All columns have the same length. */
export interface DatedRows {
  /** Instants in milliseconds since 1970, UTC. */
  readonly eventTime: Float64Array;
  /** Never before the event. */
  readonly availableAt: Float64Array;
  /** What each row is of; left out where all rows are of one thing. */
  readonly key?: readonly string[];
}

/** Rows that ask what was known when they decided. */
export interface Decisions {
  /** Instants in milliseconds since 1970, UTC. */
  readonly time: Float64Array;
  readonly key?: readonly string[];
}

/**
 * As-of join. For each decision the row of `rows` that it may use, −1 where there is none: of the rows with its key that
 * were available at its instant or before, the one with the latest event; of several versions of one event, the one that
 * became available last; of equals, the last. A row whose event is more than `maximumAge` milliseconds before the decision
 * is stale and not used.
 *
 * It is the availability that keeps the future out: a value that was filled in later has an early event and a late
 * availability, and a join on event times alone would use it.
 *
 * O(n log n) in decisions and rows, O(n) where both are in the order of time. Throws RangeError for columns of different
 * lengths, times that are not finite, a row that was available before its event, and a negative age.
 */
export function joinAsOf(decisions: Decisions, rows: DatedRows, maximumAge = Infinity): Int32Array {
  checkTimes(decisions, rows, maximumAge);
  const { eventTime, availableAt } = rows;
  const joined = new Int32Array(decisions.time.length).fill(-1);
  /** Per key the row with the latest event of those that are available so far. */
  const latest = new Map<string, number>();
  const arrivals = inOrderOf(availableAt);
  let next = 0;
  for (const decision of inOrderOf(decisions.time)) {
    const now = decisions.time[decision]!;
    for (; next < arrivals.length && availableAt[arrivals[next]!]! <= now; next++) {
      const row = arrivals[next]!;
      const key = rows.key?.[row] ?? '';
      const before = latest.get(key);
      if (before === undefined || eventTime[row]! >= eventTime[before]!) latest.set(key, row);
    }
    const row = latest.get(decisions.key?.[decision] ?? '');
    if (row !== undefined && now - eventTime[row]! <= maximumAge) joined[decision] = row;
  }
  return joined;
}

/** Row numbers in the order of their times; of equal times the first row first. */
function inOrderOf(times: Float64Array): Int32Array {
  const order = Int32Array.from(times, (_, row) => row);
  return isRising(times) ? order : order.sort((a, b) => times[a]! - times[b]! || a - b);
}

function isRising(times: Float64Array): boolean {
  for (let row = 1; row < times.length; row++) if (times[row]! < times[row - 1]!) return false;
  return true;
}

function checkTimes(decisions: Decisions, rows: DatedRows, maximumAge: number): void {
  if (!(maximumAge >= 0)) throw new RangeError(`The greatest age is ${maximumAge}; it must be 0 or more milliseconds.`);
  const { eventTime, availableAt } = rows;
  if (availableAt.length !== eventTime.length || (rows.key ?? eventTime).length !== eventTime.length || (decisions.key ?? decisions.time).length !== decisions.time.length) {
    throw new RangeError('An as-of join needs columns of one length on each side.');
  }
  if ((decisions.key === undefined) !== (rows.key === undefined)) throw new RangeError('An as-of join needs a key on both sides or on neither.');
  for (const [at, time] of decisions.time.entries()) if (!Number.isFinite(time)) throw new RangeError(`The time of decision ${at} is ${time}, which is no instant.`);
  for (const [row, event] of eventTime.entries()) {
    if (!Number.isFinite(event) || !Number.isFinite(availableAt[row])) throw new RangeError(`The times of row ${row} are ${event} and ${availableAt[row]}; both must be instants.`);
    if (availableAt[row]! < event) throw new RangeError(`Row ${row} is available ${(event - availableAt[row]!) / 1000} s before its event.`);
  }
}
