import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../dsl/util/index.ts';
import { buildCard, cardMarkdown } from '../../model/card/index.ts';
import type { ReadModel } from './read-model.ts';

/** Writes `card.json` and `card.md` about a model into a folder, from the verdict that was written about it. */
export async function writeCard(folder: string, { document, digest }: ReadModel, verdict: string): Promise<void> {
  const card = buildCard({ digest, document, verdict: JSON.parse(await readFile(verdict, 'utf8')) as unknown });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'card.json'), `${canonicalJson(card)}\n`);
  await writeFile(join(folder, 'card.md'), cardMarkdown(card));
}
