import { createRequire } from 'node:module';
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';
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
  const errors = validate.errors ?? [];
  // That some branch of a condition does not hold tells nothing beside what does not hold in it.
  const telling = errors.filter(({ keyword }) => keyword !== 'if');
  return (telling.length > 0 ? telling : errors).map((error) => `${error.instancePath || 'the value'} ${describeError(error)}`).join('; ');
}

function describeError({ keyword, message, params }: ErrorObject): string {
  if (keyword === 'false schema') return 'has no place beside what else is given';
  if (keyword === 'additionalProperties') return `has a member "${String(params['additionalProperty'])}", which is not known`;
  if (keyword === 'enum') return `must be one of ${JSON.stringify(params['allowedValues']).slice(1, -1).replaceAll(',', ', ')}`;
  if (keyword === 'const') return `must be ${JSON.stringify(params['allowedValue'])}`;
  return message ?? 'is not valid';
}
