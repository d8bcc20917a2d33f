import type { StepContract } from '../../contract/index.ts';
import type { Reason } from '../run-record.ts';

/** Why a program could not be started, in words that help; `error` is what spawn said. */
export function explainStart(error: NodeJS.ErrnoException, contract: StepContract, program: string): Reason {
  const step = `The step "${contract.name}" could not be started`;
  switch (error.code) {
    case 'ENOENT':
      return { code: 'PW305', message: `${step}: there is no program "${program}" on this machine.`, fix: `Install ${program}, or run the step in its image with --executor docker.` };
    case 'EACCES':
      return { code: 'PW305', message: `${step}: "${program}" may not be executed.`, fix: 'Make the file executable, or run the step in its image with --executor docker.' };
    case 'E2BIG':
      return { code: 'PW305', message: `${step}: its command line is too long for this system.`, fix: 'Give large values as artifacts instead of parameters.' };
    default:
      return { code: 'PW305', message: `${step}: ${error.message}.`, fix: 'Look at its command line and its parameters.' };
  }
}
