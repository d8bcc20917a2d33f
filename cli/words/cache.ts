import { unreachable } from '../../dsl/util/index.ts';
import type { Change } from '../../dsl/local/cache-record.ts';
import type { Miss } from '../../dsl/local/event.ts';
import { listed } from '../../dsl/util/index.ts';
import { shortDigest, shortValue } from './values.ts';

/** Why a task has to work, as one phrase: `changed: parameter n (7 → 9)`. */
export function describeMiss(miss: Miss): string {
  switch (miss.why) {
    case 'off':
      return 'the cache is off';
    case 'first':
      return 'it never ran before';
    case 'changed':
      return `changed since ${miss.since}: ${listed(miss.changes.map(describeChange))}`;
    case 'unrecorded':
      return `nothing changed, but run ${miss.since} left no outputs to take`;
    case 'lost':
      return `its outputs are no longer in the store: ${listed(miss.missing)}`;
    default:
      return unreachable(miss);
  }
}

/** The same in few words, for a line of a list. */
export function describeMissShortly(miss: Miss): string {
  if (miss.why !== 'changed') return miss.why === 'first' ? 'first run' : describeMiss(miss);
  const [first, ...others] = miss.changes.map(describeChange);
  return `${first ?? 'something'} changed${others.length === 0 ? '' : ` and ${others.length} more`}`;
}

export function describeChange(change: Change): string {
  switch (change.what) {
    case 'code':
      return `the step's code (${shortDigest(change.before)} → ${shortDigest(change.after)})`;
    case 'parameter':
      return `parameter ${change.name} (${shortValue(change.before)} → ${shortValue(change.after)})`;
    case 'input':
      return `input ${change.name} (${digests(change.before)} → ${digests(change.after)})`;
    case 'output':
      return `the declared output ${change.name}`;
    case 'environment':
      return `environment variable ${change.name}${change.after === null ? ' (now unset)' : change.before === null ? ' (now set)' : ''}`;
    case 'step':
      return `the step (${change.before} → ${change.after})`;
    default:
      return unreachable(change);
  }
}

function digests(value: string | readonly string[] | null): string {
  if (value === null) return 'none';
  return typeof value === 'string' ? shortDigest(value) : `${value.length} items`;
}
