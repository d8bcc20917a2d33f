import { PipewrightError } from '../dsl/errors/index.ts';

const FIXES: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space or use another disk.',
  EDQUOT: 'Free some space or ask for a larger quota.',
  EFBIG: 'Raise the limit on the size of a file (see "ulimit -f") or use another disk.',
  EACCES: 'Give this user the right to read and write there, or name another folder.',
  EPERM: 'Use a file system that allows hard links and changes of mode, or name another folder.',
  EROFS: 'The file system is read-only: name a folder that can be written.',
  ENOTDIR: 'A file is in the way: remove it or name another folder.',
  EEXIST: 'A file is in the way: remove it or name another folder.',
  ENOTSUP: 'Use a file system that allows hard links.',
  EMFILE: 'Raise the limit on open files (see "ulimit -n").',
};

export function errorCode(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** PW403 for an error of the file system, `place` being the subject of the sentence; anything else, such as a mistake in the code, comes back as it is. */
export function explainFileError(cause: unknown, place: string): unknown {
  const code = errorCode(cause);
  const fromSystem = typeof (cause as { readonly syscall?: unknown } | null)?.syscall === 'string';
  if (code === undefined || !fromSystem) return cause;
  return new PipewrightError(
    {
      code: 'PW403',
      message: `${place} cannot be used: ${(cause as Error).message}.`,
      fix: FIXES[code] ?? 'Check the folder and its disk, or name another one.',
    },
    { cause },
  );
}
