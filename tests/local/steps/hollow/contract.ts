import { artifact, defineStep, t } from '../../../../dsl/contract/index.ts';

/** Counts what is in its folders, and makes one with nothing in it; or fails with something in it. */
export const hollow = defineStep({
  name: 'hollow',
  parameters: { fails: t.boolean({ default: false }) },
  inputs: { folder: artifact.optional(artifact.directory()), folders: artifact.many(artifact.directory()) },
  outputs: { folder: artifact.directory() },
  results: { seen: t.list(t.integer()) },
});
