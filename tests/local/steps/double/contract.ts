import { defineStep, t, artifact } from '../../../../dsl/contract/index.ts';

export const double = defineStep({
  name: 'double',
  description: 'Twice a number.',
  parameters: { n: t.integer({ maximum: 1000 }), text: t.string({ default: '' }) },
  outputs: { note: artifact.file() },
  results: { twice: t.integer() },
});
