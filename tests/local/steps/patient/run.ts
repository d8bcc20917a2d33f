import { setTimeout as sleep } from 'node:timers/promises';
import { PipewrightError } from '../../../../dsl/errors/index.ts';
import { implementStep } from '../../../../steps/runtime/index.ts';
import { patient } from './contract.ts';

export default implementStep(patient, async ({ parameters, environment, log, signal }) => {
  switch (parameters.mode) {
    case 'wait':
      log('waiting');
      await sleep(60_000, undefined, { signal });
      return { said: 'never' };
    case 'deaf':
      log('waiting');
      for (const until = Date.now() + 60_000; Date.now() < until; );
      return { said: 'never' };
    case 'throw':
      throw new Error('the cat sat on it');
    case 'bad-data':
      throw new PipewrightError({ code: 'PW503', message: 'Column "close" is empty.', fix: 'Fill it.' });
    case 'forget-output':
      return {} as { said: string };
    case 'environment':
      return { said: [environment['PATIENT_WORD'] ?? 'nothing', ...Object.keys(process.env).sort()].join(' ') };
  }
});
