import type { JsonSchema } from '../../dsl/contract/index.ts';

/** The shape of a search; what its settings may be is said by `candidatesOf` and by the schema of a candidate. */
export const SEARCH_SCHEMA: JsonSchema = {
  oneOf: [
    { type: 'null' },
    {
      type: 'object',
      properties: {
        space: { oneOf: [{ type: 'object' }, { type: 'array', items: { type: 'object' }, minItems: 1 }] },
        budget: { type: 'integer', minimum: 1, maximum: 1000 },
        seed: { type: 'integer' },
      },
      required: ['space'],
      additionalProperties: false,
    },
  ],
};
