import type { FingerprintParts } from '../contract/index.ts';
import { canonicalJson, listed, unreachable, type Json } from '../util/index.ts';
import type { Change } from './cache-record.ts';
import type { Miss } from './event.ts';

/** What differs between two executions of a task. Both without secrets. */
export function changesBetween(before: FingerprintParts, after: FingerprintParts): readonly Change[] {
  const changes: Change[] = [];
  const stepBefore = `${before.step} (version ${before.version})`;
  const stepAfter = `${after.step} (version ${after.version})`;
  if (stepBefore !== stepAfter) changes.push({ what: 'step', before: stepBefore, after: stepAfter });
  if (before.code !== after.code) changes.push({ what: 'code', before: before.code, after: after.code });
  for (const found of differences(before.parameters, after.parameters)) changes.push({ what: 'parameter', ...found });
  for (const found of differences(before.inputs, after.inputs)) changes.push({ what: 'input', ...found });
  for (const found of differences(before.outputs, after.outputs)) changes.push({ what: 'output', ...found });
  for (const found of differences(before.environment, after.environment)) changes.push({ what: 'environment', ...found });
  return changes;
}

function differences<T extends Json>(before: Readonly<Record<string, T>>, after: Readonly<Record<string, T>>): readonly { name: string; before: T | null; after: T | null }[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .map((name) => ({ name, before: before[name] ?? null, after: after[name] ?? null }))
    .filter((pair) => canonicalJson(pair.before) !== canonicalJson(pair.after));
}

/** One phrase: `parameter learningRate: 0.1 → 0.2`. */
export function describeChange(change: Change): string {
  switch (change.what) {
    case 'code':
      return `code: ${short(change.before)} → ${short(change.after)}`;
    case 'step':
      return `step: ${change.before} → ${change.after}`;
    case 'parameter':
    case 'input':
    case 'output':
      return `${change.what} ${change.name}: ${short(change.before)} → ${short(change.after)}`;
    case 'environment':
      // Digests of values say nothing to a person.
      return `environment ${change.name}: ${change.before === null ? 'it is set now' : change.after === null ? 'it is no longer set' : 'another value'}`;
    default:
      return unreachable(change);
  }
}

/** One sentence without its full stop. */
export function describeMiss(miss: Miss): string {
  switch (miss.why) {
    case 'off':
      return 'the cache is off';
    case 'first':
      return 'no earlier run has come to this task';
    case 'changed':
      return `changed since ${miss.since}: ${miss.changes.map(describeChange).join('; ')}`;
    case 'unrecorded':
      return `nothing changed since ${miss.since}, but it did not succeed there or its record is gone`;
    case 'lost':
      return `${listed(miss.missing)} ${miss.missing.length === 1 ? 'is' : 'are'} no longer in the store`;
    case 'undecided':
      return 'it looks for an earlier result itself';
    default:
      return unreachable(miss);
  }
}

function short(value: Json): string {
  if (value === null) return 'none';
  if (typeof value === 'string' && value.startsWith('sha256:')) return value.slice('sha256:'.length, 'sha256:'.length + 12);
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string' && item.startsWith('sha256:'))) return `${value.length} artifacts`;
  const text = canonicalJson(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
