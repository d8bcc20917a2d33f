import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nearbyPath, printIssues } from '../errors.ts';
import { drawPage } from './page.ts';
import type { RunDocument } from './run-document.ts';

/** Writes `report.html` into the run's folder and returns its path. A report that cannot be written is told of, and undefined: the run is what it is. */
export async function writeReport(folder: string, document: RunDocument): Promise<string | undefined> {
  const path = join(folder, 'runs', document.run.id, 'report.html');
  try {
    await writeFile(path, drawPage(document));
    return path;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    printIssues([{ code: 'PW309', message: `The report ${nearbyPath(path)} cannot be written: ${message}.`, fix: 'Free some space or take the run\'s folder to where you may write; pipewright runs show then writes it.' }]);
    return undefined;
  }
}
