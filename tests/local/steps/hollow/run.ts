import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { implementStep } from '../../../../steps/runtime/index.ts';
import { hollow } from './contract.ts';

export default implementStep(hollow, async ({ parameters, inputs, outputs }) => {
  await mkdir(join(outputs.folder, 'deep'), { recursive: true });
  if (parameters.fails) {
    await writeFile(join(outputs.folder, 'half'), '');
    throw new Error('half done');
  }
  const folders = [...(inputs.folder === undefined ? [] : [inputs.folder]), ...inputs.folders];
  return { seen: await Promise.all(folders.map(async (path) => (await readdir(path)).length)) };
});
