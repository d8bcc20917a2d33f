import { defineStep, t } from '../../../../dsl/contract/index.ts';

/** Does what its parameter says: waits until it is ended, fails in one way or another. */
export const patient = defineStep({
  name: 'patient',
  parameters: { mode: t.enum(['wait', 'deaf', 'throw', 'bad-data', 'forget-output', 'environment']) },
  results: { said: t.string() },
  environment: ['PATIENT_WORD'],
});
