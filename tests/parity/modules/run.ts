import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipewrightError } from '../../../dsl/errors/index.ts';
import { implementStep } from '../../../steps/runtime/index.ts';
import { craft } from './contract.ts';

export default implementStep(craft, async ({ parameters: { text, numbers, data, end }, inputs, outputs }) => {
  // What an attempt wrote that did not end well must count nowhere.
  await writeFile(outputs.file, 'half');
  if (end === 'refuse') throw new PipewrightError({ code: 'PW503', message: `The text ${text} is not fit for use.`, fix: 'Give another one.' });
  if (end === 'fail') throw new Error('it does not work today');
  const before = inputs.before === undefined ? '' : await readFile(inputs.before, 'utf8');
  await writeFile(outputs.file, before + text);
  await mkdir(join(outputs.folder, 'below'), { recursive: true });
  await writeFile(join(outputs.folder, 'below/leaf'), text);
  return { text, sum: numbers.reduce((sum, number) => sum + number, 0), data };
});
