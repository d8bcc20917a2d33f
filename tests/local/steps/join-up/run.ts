import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { implementStep } from '../../../../steps/runtime/index.ts';
import { joinUp } from './contract.ts';

export default implementStep(joinUp, async ({ parameters, inputs, outputs }) => {
  const pages = await Promise.all(inputs.notes.map((path) => readFile(path, 'utf8')));
  await mkdir(outputs.book);
  await writeFile(join(outputs.book, 'pages.txt'), pages.join(''));
  if (inputs.extra !== undefined) await writeFile(join(outputs.book, 'extra.txt'), await readFile(inputs.extra));
  return { sum: parameters.numbers.reduce((sum, n) => sum + n, 0), pages: pages.length };
});
