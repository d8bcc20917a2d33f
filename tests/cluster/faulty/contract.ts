import { artifact, defineStep, t } from '../../../dsl/contract/index.ts';

/** Works for a while, and in a way that may be too much. */
export const labour = defineStep({
  name: 'labour',
  image: 'pipewright-faults/labour',
  parameters: {
    label: t.string({ description: 'Goes into what is written: another label, another fingerprint' }),
    seconds: t.number({ default: 0, minimum: 0 }),
    mode: t.enum(['work', 'memory', 'disk', 'refuse'], { default: 'work' }),
  },
  inputs: { before: artifact.optional(artifact.file()) },
  outputs: { note: artifact.file(), figures: artifact.metrics() },
  results: { letters: t.integer() },
  resources: { cpu: '20m', memory: '96Mi' },
});
