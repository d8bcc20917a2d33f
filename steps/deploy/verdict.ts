import { readFile } from 'node:fs/promises';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Digest } from '../../dsl/util/index.ts';

/** What deploy needs of the file that evaluate wrote. */
export interface Verdict {
  readonly decision: string;
  readonly reason: string;
  /** The model that it is about. */
  readonly model: Digest;
  /** The model in production that it was compared with; null for none. */
  readonly champion: Digest | null;
  /** How the questions before a promotion were answered; missing in verdicts of earlier releases. */
  readonly review?: readonly { readonly question: string; readonly answer: string }[];
  /** The file's bytes, for the ledger. */
  readonly bytes: Uint8Array;
}

/** PW502 for another kind of file, PW507 for a verdict about another model or one that does not promote. */
export async function readVerdict(path: string, model: Digest): Promise<Verdict> {
  const bytes = await readFile(path);
  const verdict = parse(bytes);
  if (verdict?.format !== 'pipewright/verdict/1') {
    throw new PipewrightError({ code: 'PW502', message: `${path} is not a verdict.`, fix: 'Give the output "verdict" of evaluate.' });
  }
  if (verdict.model !== model) throw unproven(`the verdict is about the model ${verdict.model}, but this one is ${model}`);
  if (verdict.decision !== 'promote') throw unproven(`the verdict is "${verdict.decision}": ${verdict.reason}`);
  return { ...verdict, bytes };
}

function parse(bytes: Uint8Array): (Omit<Verdict, 'bytes'> & { readonly format?: unknown }) | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Omit<Verdict, 'bytes'>;
  } catch {
    return undefined;
  }
}

function unproven(why: string): PipewrightError {
  return new PipewrightError({
    code: 'PW507',
    message: `The model cannot be deployed on this verdict: ${why}.`,
    fix: 'Give the model and the verdict of one and the same evaluation that promotes it.',
  });
}
