import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDirectory, type StepContract } from '../../dsl/contract/index.ts';
import { EMPTY_FOLDER } from '../../store/index.ts';

/*
 * An object store knows no folders: one without a file in it would not arrive at the step that takes it. So on its way
 * it has a file of a known name in it, which no digest counts and no step sees.
 */

/** Marks each output that is a folder without a file. */
export async function markEmptyFolders(contract: StepContract, paths: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, { artifact }] of Object.entries(contract.outputs)) {
    if (!isDirectory(artifact)) continue;
    const inside = await readdir(paths[name]!, { recursive: true, withFileTypes: true });
    if (!inside.some((entry) => !entry.isDirectory())) await writeFile(join(paths[name]!, EMPTY_FOLDER), '');
  }
}

/** Takes the marks out of the inputs. */
export async function unmarkEmptyFolders(contract: StepContract, inputs: Readonly<Record<string, string | readonly string[] | undefined>>): Promise<void> {
  for (const [name, { artifact }] of Object.entries(contract.inputs)) {
    if (!isDirectory(artifact)) continue;
    for (const path of [inputs[name] ?? []].flat()) await rm(join(path, EMPTY_FOLDER), { force: true });
  }
}
