import { createRequire } from 'node:module';
import type { Ajv, ValidateFunction } from 'ajv';
import { canonicalJson, type Json } from '../util/index.ts';
import type { JsonSchema } from './value-type.ts';

// ajv takes 50 ms to load and few contracts have a schema: it is loaded when the first one is met.
let ajv: Ajv | undefined;
const compiled = new Map<string, ValidateFunction>();

function loadAjv(): Ajv {
  // In a step's bundle the first branch is taken: esbuild sees the literal call and packs ajv in.
  const { Ajv: Class } = (typeof require === 'function' ? require('ajv') : createRequire(import.meta.url)('ajv')) as { Ajv: typeof Ajv };
  return new Class({ allErrors: true, strict: false });
}

function validatorOf(schema: JsonSchema): ValidateFunction {
  const key = canonicalJson(schema);
  let validate = compiled.get(key);
  if (!validate) {
    ajv ??= loadAjv();
    validate = ajv.compile(schema);
    compiled.set(key, validate);
  }
  return validate;
}

/** What is wrong with the value, as one phrase ("/rate must be number"), or undefined. Throws if the schema itself is wrong. */
export function checkAgainstSchema(schema: JsonSchema, value: Json): string | undefined {
  const validate = validatorOf(schema);
  if (validate(value)) return undefined;
  return (validate.errors ?? []).map((error) => `${error.instancePath || 'the value'} ${error.message ?? 'is not valid'}`).join('; ');
}
