/** What a feature knows between two bars: numbers, lists of numbers, and the same nested. Plain data, so JSON keeps it. */
export type StreamState = { [name: string]: number | number[] | StreamState };

/**
 * A stored state, if it has the shape of a fresh one: the same names, lists as long, finite numbers. `where` begins the
 * message. Throws RangeError for anything else, because a broken state would give wrong numbers without a word.
 */
export function readStreamState<State extends StreamState>(fresh: State, stored: unknown, where: string): State {
  return read(fresh, stored, where) as State;
}

function read(fresh: StreamState[string], stored: unknown, where: string): StreamState[string] {
  if (typeof fresh === 'number') {
    if (typeof stored === 'number' && Number.isFinite(stored)) return stored;
    throw new RangeError(`${where} is ${JSON.stringify(stored)}; it must be a finite number.`);
  }
  if (Array.isArray(fresh)) {
    if (Array.isArray(stored) && stored.length === fresh.length && stored.every(Number.isFinite)) return [...(stored as number[])];
    throw new RangeError(`${where} must be a list of ${fresh.length} finite numbers.`);
  }
  const given = typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? (stored as Readonly<Record<string, unknown>>) : undefined;
  const names = Object.keys(fresh);
  if (given === undefined || Object.keys(given).sort().join() !== [...names].sort().join()) {
    throw new RangeError(`${where} must be an object with ${names.join(', ') || 'no members'}.`);
  }
  return Object.fromEntries(names.map((name) => [name, read(fresh[name]!, given[name], `${where}.${name}`)]));
}
