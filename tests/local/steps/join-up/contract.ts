import { artifact, defineStep, t } from '../../../../dsl/contract/index.ts';

export const joinUp = defineStep({
  name: 'join-up',
  parameters: { numbers: t.list(t.integer()) },
  inputs: { notes: artifact.many(artifact.file()), extra: artifact.optional(artifact.file()) },
  outputs: { book: artifact.directory() },
  results: { sum: t.integer(), pages: t.integer() },
});
