import { formatNumber } from './numbers.ts';
import { canonicalJson, type Json } from '../../dsl/util/index.ts';

/** The first 12 digits: what people compare by eye. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}

/** A value on one line, cut where it gets long. */
export function shortValue(value: Json, length = 60): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : canonicalJson(value);
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** `sum = 25, decision = "keep"`: small values in passing. A number has no more digits than people read. */
export function describeValues(values: Readonly<Record<string, Json>>): string {
  return Object.entries(values).map(([name, value]) => `${name} = ${typeof value === 'number' ? formatNumber(value) : shortValue(value, 40)}`).join(', ');
}
