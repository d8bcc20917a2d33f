import { artifact, defineStep, t } from '../../../dsl/contract/index.ts';

/** A step in TypeScript, by way of the harness: on a laptop a process, on a cluster an image of its own. */
export const craft = defineStep({
  name: 'craft',
  image: 'pipewright-parity/craft',
  parameters: { text: t.string(), numbers: t.list(t.number(), { default: [] }), data: t.json({ default: null }), end: t.enum(['well', 'refuse', 'fail'], { default: 'well' }) },
  inputs: { before: artifact.optional(artifact.file()) },
  outputs: { file: artifact.file(), folder: artifact.directory() },
  results: { text: t.string(), sum: t.number(), data: t.json() },
  resources: { cpu: '20m', memory: '96Mi' },
});
