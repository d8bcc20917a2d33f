import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { indexText } from '../contract/index.ts';
import { getArtifact, mapBounded, type Store } from '../../store/index.ts';
import { isList, type TaskInstance } from './task-instance.ts';

/** Makes an attempt's folder and puts copies of the inputs there: a step may do with them what it likes. */
export async function layWork(store: Store, task: TaskInstance, folder: string): Promise<void> {
  for (const name of ['inputs', 'outputs', 'results', 'tmp']) await mkdir(join(folder, name), { recursive: true });
  for (const [name, input] of Object.entries(task.inputs)) {
    const path = join(folder, 'inputs', name);
    if (input === null) continue;
    if (!isList(input)) await getArtifact(store, input, path);
    else {
      await mkdir(path);
      await mapBounded(input, 8, (item, index) => getArtifact(store, item, join(path, indexText(index))));
    }
  }
}
