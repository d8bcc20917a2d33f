export { getArtifact, isArtifactReference, putArtifact, verifyArtifact, type ArtifactReference } from './artifacts.ts';
export { mapBounded } from './bounded.ts';
export { openDirectoryStore, type DirectoryStore } from './directory-store.ts';
export { objectKey, recordKey } from './layout.ts';
export { formatManifest, parseManifest, type ManifestFile } from './manifest.ts';
export { openStore } from './open.ts';
export { s3SettingsFromEnvironment, type Environment, type S3Settings } from './s3-settings.ts';
export type { Store, StoredObject } from './store.ts';
