import { artifact, defineStep, t } from '../../dsl/contract/index.ts';
import { STORE_SECRETS, STORE_VARIABLES } from '../runtime/store-variables.ts';

/** Proves a model in a real serving process, registers it, and points the alias to it. The servers that follow the alias do the rest. */
export const deploy = defineStep({
  name: 'deploy',
  description: 'Verifies a model in a real server, registers it as a version and points the alias to it.',
  parameters: {
    name: t.string({ default: 'stock-direction', pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$', description: 'Name in the registry and of the served model' }),
    alias: t.string({ default: 'production', description: 'What servers follow' }),
  },
  inputs: {
    model: artifact.model(),
    verdict: artifact.file({ description: 'What evaluate decided about this model' }),
  },
  outputs: {
    deployment: artifact.file({ description: 'Name, version, alias and digest, as JSON' }),
  },
  results: {
    version: t.integer({ description: 'The version that the alias points to now' }),
    digest: t.string({ description: 'Of the model' }),
  },
  environment: STORE_VARIABLES,
  secrets: [...STORE_SECRETS, 'PIPEWRIGHT_RUN'],
  resources: { cpu: '250m', memory: '256Mi' },
});
