import { deepFreeze, type Json } from '../util/index.ts';
import type { JsonSchema, ValueType } from './value-type.ts';

declare const valueOf: unique symbol;

/** A parameter or result as an author declares it: its data, and (for `tsc` only) the TypeScript type of its values. */
export interface Port<T> {
  readonly type: ValueType;
  readonly description?: string;
  readonly [valueOf]?: T;
}

/** A port whose value may be left out by the caller. */
export interface PortWithDefault<T> extends Port<T> {
  readonly default: T;
}

export type ValueOfPort<P> = P extends Port<infer T> ? T : never;

interface Common<T> {
  readonly description?: string;
  readonly default?: T;
}

type Made<T, O> = O extends { readonly default: T } ? PortWithDefault<T> : Port<T>;

function make(kind: ValueType['kind'], options: object = {}, more: Record<string, unknown> = {}): never {
  const { description, default: fallback, ...constraints } = options as Record<string, unknown>;
  const port = {
    type: { kind, ...constraints, ...more },
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
  return deepFreeze(port) as never;
}

/** The types of parameters and results. `t.integer({ default: 1, minimum: 1 })` */
export const t = {
  string: <const O extends Common<string> & { readonly pattern?: string }>(options?: O): Made<string, O> => make('string', options),
  /** A whole number within ±2^53. */
  integer: <const O extends Common<number> & { readonly minimum?: number; readonly maximum?: number }>(options?: O): Made<number, O> =>
    make('integer', options),
  /** A finite double. */
  number: <const O extends Common<number> & { readonly minimum?: number; readonly maximum?: number }>(options?: O): Made<number, O> =>
    make('number', options),
  boolean: <const O extends Common<boolean>>(options?: O): Made<boolean, O> => make('boolean', options),
  /** One of a few texts: `t.enum(['promote', 'keep'])`. */
  enum: <const V extends readonly [string, ...string[]], const O extends Common<V[number]>>(values: V, options?: O): Made<V[number], O> =>
    make('enum', options, { values }),
  /** Any JSON value. With `schema` every value is checked against it wherever it passes. */
  json: <T extends Json = Json, const O extends Common<T> & { readonly schema?: JsonSchema } = Common<T> & { readonly schema?: JsonSchema }>(options?: O): Made<T, O> =>
    make('json', options),
  list: <T, const O extends Common<readonly T[]>>(items: Port<T>, options?: O): Made<readonly T[], O> =>
    make('list', options, { items: items.type }),
} as const;
