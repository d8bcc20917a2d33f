import { readFile } from 'node:fs/promises';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Digest } from '../../dsl/util/index.ts';
import { featureColumns, featureSetHash, type FeatureSet } from '../../model/features/index.ts';

/** What the feature columns of a table mean. */
export interface FeatureDefinition {
  readonly definition: FeatureSet;
  readonly names: readonly string[];
  readonly hash: Digest;
  readonly horizonDays: number;
}

/**
 * Reads what featurize wrote, and makes sure that this step understands the same by it: a model must carry the hash of
 * the functions that really computed its features. PW506 when they differ, PW502 for another kind of file.
 */
export async function readDefinition(path: string): Promise<FeatureDefinition> {
  const text = await readFile(path, 'utf8');
  const read = parse(text) as (FeatureDefinition & { readonly format?: unknown }) | undefined;
  if (read?.format !== 'pipewright/feature-definition/1') {
    throw new PipewrightError({ code: 'PW502', message: `${path} does not say what features mean.`, fix: 'Give the output "definition" of featurize.' });
  }
  const reason = whyDifferent(read);
  if (reason === undefined) return read;
  throw new PipewrightError({
    code: 'PW506',
    message: `The features were computed by another release: ${reason}.`,
    fix: 'Run featurize and train with the same release of Pipewright.',
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function whyDifferent({ definition, names, hash }: FeatureDefinition): string | undefined {
  try {
    const ours = featureSetHash(definition);
    if (ours !== hash) return `their hash is ${hash} in the file and ${ours} here`;
    const columns = featureColumns(definition);
    return columns.join() === names.join() ? undefined : `the file names ${names.join(', ')}; here they are ${columns.join(', ')}`;
  } catch (error) {
    if (error instanceof RangeError) return error.message.replace(/\.$/, '');
    throw error;
  }
}
