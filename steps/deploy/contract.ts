import { artifact, defineStep, t } from '../../dsl/contract/index.ts';
import { STORE_SECRETS, STORE_VARIABLES } from '../runtime/store-variables.ts';

/** Where and with what a cluster serves; without them, as on a laptop, the step only registers. The last is given by the compiler. */
export const SERVING_VARIABLES = ['PIPEWRIGHT_SERVING_NAMESPACE', 'PIPEWRIGHT_GATEWAY_URL', 'PIPEWRIGHT_SERVING_IMAGE'] as const;

/**
 * Proves a model, registers it, and points the alias to it. On a laptop the proof is a server in a process of its own, and
 * servers that follow the alias do the rest; on a cluster it is servers of its own behind the gateway, which then answer.
 */
export const deploy = defineStep({
  name: 'deploy',
  description: 'Verifies a model in a real server, registers it as a version and points the alias to it; on a cluster it also gives it the requests.',
  parameters: {
    name: t.string({ default: 'stock-direction', pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$', description: 'Name in the registry and of the served model' }),
    alias: t.string({ default: 'production', description: 'What servers follow' }),
    since: t.string({
      default: 'now',
      description: 'Number of the last entry of the ledger by which the alias was moved by hand or back, so that an answer from before is not taken for one of today; "now" is looked up on a cluster (docs/decisions/0010)',
    }),
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
  environment: [...STORE_VARIABLES, ...SERVING_VARIABLES],
  secrets: [...STORE_SECRETS, 'PIPEWRIGHT_RUN'],
  serviceAccount: 'pipewright-deploy',
  resources: { cpu: '250m', memory: '256Mi' },
});
