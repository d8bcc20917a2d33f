export type { Brand } from './brand.ts';
export { deepFreeze } from './freeze.ts';
export { digestOf, digestOfJson, isDigest, type Digest } from './hash.ts';
export { canonicalJson, isRecord, type Json } from './json.ts';
export { closest, listed } from './text.ts';
export { unreachable } from './unreachable.ts';
