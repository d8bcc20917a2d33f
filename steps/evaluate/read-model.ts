import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, type Digest } from '../../dsl/util/index.ts';
import { compileModel, decodeModel, type ModelDocument } from '../../model/document/index.ts';
import type { Predictor } from '../../model/predictor/index.ts';
import { describeSettings as describe } from '../../model/training/settings.ts';
import { formatManifest } from '../../store/index.ts';
import { refuseRangeErrors } from '../runtime/refuse.ts';

/** A model from a folder, ready to answer. */
export interface ReadModel {
  readonly document: ModelDocument;
  /** Takes features as they are; normalises by itself. */
  readonly predictor: Predictor;
  /** The files of the folder. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** The digest that the store gives to the folder. */
  readonly digest: Digest;
}

/** PW507 for files that are damaged or do not belong together. */
export async function readModel(folder: string): Promise<ReadModel> {
  const names = (await readdir(folder)).sort();
  return decodeFiles(Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const))));
}

/** PW507 as {@link readModel}. */
export async function decodeFiles(files: Readonly<Record<string, Uint8Array>>): Promise<ReadModel> {
  const manifest = Object.entries(files).map(([path, bytes]) => ({ path, digest: digestOf(bytes), size: bytes.length }));
  const model = await refuseRangeErrors('PW507', 'Train the model again; do not change its files by hand.', () => decodeModel(files));
  return { document: model.document, predictor: compileModel(model), files, digest: digestOf(formatManifest(manifest)) };
}

/** The last day whose close the model knows, from a feature or from a label: the end of what train calls `seen`. */
export function trainedUntil({ training }: ModelDocument): string {
  const known = Object.entries(training.splits).filter(([name]) => name !== 'test');
  return known.reduce((latest, [, { to }]) => (to > latest ? to : latest), '');
}

/** What sets a candidate apart, in a few words: `logistic, rate 0.01, l2 0.001`. */
export function describeSettings({ training: { settings } }: ModelDocument): string {
  return describe(settings);
}
