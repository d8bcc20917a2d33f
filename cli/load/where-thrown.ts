import { fileURLToPath } from 'node:url';
import type { SourceLocation } from '../../dsl/errors/index.ts';

const LIBRARY = fileURLToPath(new URL('../../dsl/', import.meta.url));
const FRAME = /[\s(]((?:file:\/\/)?\/[^()]*?):(\d+):(\d+)\)?$/;

/** The author's line that an error came from: the first frame that is neither ours nor a package's. */
export function whereThrown(error: unknown): SourceLocation | undefined {
  if (!(error instanceof Error)) return undefined;
  for (const line of (error.stack ?? '').split('\n')) {
    if (!line.trim().startsWith('at ')) continue;
    const match = FRAME.exec(line.trim());
    if (match === null) continue;
    const file = match[1]!.startsWith('file://') ? fileURLToPath(match[1]!) : match[1]!;
    if (file.startsWith(LIBRARY) || file.includes('/node_modules/')) continue;
    return { file, line: Number(match[2]), column: Number(match[3]) };
  }
  return undefined;
}
