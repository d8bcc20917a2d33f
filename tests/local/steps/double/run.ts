import { writeFile } from 'node:fs/promises';
import { implementStep } from '../../../../steps/runtime/index.ts';
import { double } from './contract.ts';

export default implementStep(double, async ({ parameters, outputs, log, progress }) => {
  log(`doubling ${parameters.n}`);
  progress(1, 1);
  await writeFile(outputs.note, `${parameters.n} ${parameters.text.length}\n`);
  return { twice: parameters.n * 2 };
});
