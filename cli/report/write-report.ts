import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawPage } from './page.ts';
import type { RunDocument } from './run-document.ts';

/** Writes `report.html` into the run's folder and returns its path. */
export async function writeReport(folder: string, document: RunDocument): Promise<string> {
  const path = join(folder, 'runs', document.run.id, 'report.html');
  await writeFile(path, drawPage(document));
  return path;
}
