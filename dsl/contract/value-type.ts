import type { Json } from '../util/index.ts';

/** JSON Schema, draft 7 and 2020-12 alike; checked by ajv where a value passes. */
export type JsonSchema = { readonly [keyword: string]: Json };

/**
 * The type of a parameter or of a result, as plain data. Everything that travels between steps outside artifacts has
 * one of these; all of them have exactly one text form (see `codec.ts`), because Argo knows only texts.
 */
export type ValueType =
  | { readonly kind: 'string'; readonly pattern?: string }
  | { readonly kind: 'integer'; readonly minimum?: number; readonly maximum?: number }
  | { readonly kind: 'number'; readonly minimum?: number; readonly maximum?: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'json'; readonly schema?: JsonSchema }
  | { readonly kind: 'list'; readonly items: ValueType };

/** A short name for messages: `integer`, `list of number`, `"a" | "b"`. */
export function describeType(type: ValueType): string {
  switch (type.kind) {
    case 'enum':
      return type.values.map((value) => JSON.stringify(value)).join(' | ');
    case 'list':
      return `list of ${describeType(type.items)}`;
    default:
      return type.kind;
  }
}
