import { PipewrightError } from '../dsl/errors/index.ts';
import { openDirectoryStore } from './directory-store.ts';
import { s3SettingsFromEnvironment, type Environment } from './s3-settings.ts';
import type { Store } from './store.ts';

const SCHEME = /^([a-z][a-z0-9+.-]+):\/\//i;

/**
 * Opens the store at a location: the path of a folder, or `s3://bucket/prefix`, whose server and keys are read from
 * the environment (see `s3SettingsFromEnvironment`). PW403 if it cannot be used.
 */
export async function openStore(location: string, environment: Environment = process.env): Promise<Store> {
  const scheme = SCHEME.exec(location)?.[1]?.toLowerCase();
  if (scheme === 's3') {
    const [bucket, ...prefix] = location.slice('s3://'.length).split('/');
    const settings = s3SettingsFromEnvironment({ ...environment, S3_BUCKET: bucket, S3_PREFIX: prefix.join('/') });
    const { openS3Store } = await import('./s3-store.ts');
    return openS3Store(settings);
  }
  if (scheme !== undefined || location === '') {
    throw new PipewrightError({
      code: 'PW403',
      message: location === '' ? 'The location of the store is empty.' : `The store "${location}" is of a kind that does not exist: ${scheme}.`,
      fix: 'Give the path of a folder, or s3://bucket/prefix.',
    });
  }
  return openDirectoryStore(location);
}
