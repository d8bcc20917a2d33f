import { PipewrightError } from '../dsl/errors/index.ts';
import { digestOf, digestOfJson, isDigest, type Digest, type Json } from '../dsl/util/index.ts';
import { isArtifactReference, type ArtifactReference } from '../store/index.ts';
import { formatRecord, parseRecord, unreadable, versionKey } from './records.ts';

/** A version of a model: written once, never changed. */
export interface ModelVersion {
  readonly name: string;
  /** 1, 2, 3, … in the order of registration, without gaps. */
  readonly version: number;
  readonly artifact: ArtifactReference;
  /** Objects that belong to it, by role, for example `{card: …, evaluation: …}`. */
  readonly documents: Readonly<Record<string, Digest>>;
  readonly metadata: Json;
  /** ISO 8601, UTC. */
  readonly registeredAt: string;
}

/** What is registered. The same content is the same version, whenever and however often it is registered. */
export interface VersionContent {
  readonly artifact: ArtifactReference;
  readonly documents?: Readonly<Record<string, Digest>>;
  readonly metadata?: Json;
  /** When it was registered; default: now. Not part of the content. */
  readonly at?: string | Date;
}

/** Two versions with the same identity are one. */
export function identityOf({ artifact, documents, metadata }: Pick<ModelVersion, 'artifact' | 'documents' | 'metadata'>): Digest {
  return digestOfJson({ artifact: artifact.digest, type: artifact.type, documents, metadata });
}

export function formatVersion(version: ModelVersion): string {
  return formatRecord(version);
}

/** The digest by which the ledger vouches for a version. */
export function digestOfVersion(version: ModelVersion): Digest {
  return digestOf(formatVersion(version));
}

export function parseVersion(name: string, version: number, text: string): ModelVersion {
  const key = versionKey(name, version);
  const record = parseRecord(key, text);
  const documents = record['documents'];
  const sound =
    record['name'] === name &&
    record['version'] === version &&
    isArtifactReference(record['artifact']) &&
    typeof documents === 'object' &&
    documents !== null &&
    Object.values(documents).every((digest) => typeof digest === 'string' && isDigest(digest)) &&
    record['metadata'] !== undefined &&
    typeof record['registeredAt'] === 'string';
  if (!sound) throw new PipewrightError(unreadable(key, `is not version ${version} of ${name}`));
  return record as unknown as ModelVersion;
}
