import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { PipewrightError } from '../../../dsl/errors/index.ts';
import { implementStep } from '../../../steps/runtime/index.ts';
import { labour } from './contract.ts';

export default implementStep(labour, async ({ parameters: { label, seconds, mode }, inputs, outputs, log, progress, signal }) => {
  log(`begins with ${label}`);
  if (mode === 'refuse') throw new PipewrightError({ code: 'PW503', message: `The data of ${label} is not fit for use.`, fix: 'Correct the source.' });
  const hoard: Buffer[] = [];
  // Filled, because pages that nobody has written to take no memory.
  while (mode === 'memory') hoard.push(Buffer.alloc(16 * 1024 * 1024, hoard.length + 1));
  if (mode === 'disk') for (let part = 0; ; part++) await writeFile(`/tmp/part-${part}`, Buffer.alloc(8 * 1024 * 1024, 1));
  for (let second = 0; second < seconds && !signal.aborted; second++) {
    progress(second, seconds);
    await wait(Math.min(1, seconds - second) * 1000, undefined, { signal });
  }
  const before = inputs.before === undefined ? '' : await readFile(inputs.before, 'utf8');
  const text = `${before}${label}\n`;
  await writeFile(outputs.note, text);
  await writeFile(outputs.figures, JSON.stringify({ format: 'pipewright/figures/1', title: 'Labour', summary: `It wrote ${text.length} letters.`, tables: [{ title: 'Letters', headline: true, columns: ['what', 'count'], rows: [['letters', text.length]] }] }));
  return { letters: text.length };
});
