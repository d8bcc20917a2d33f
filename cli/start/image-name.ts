import type { Digest } from '../../dsl/util/index.ts';

const TAG_DIGITS = 12;

/**
 * The name of an image that this project builds: `registry/name:tag`, where the tag is the beginning of the digest of its
 * code, so that the same name is always the same program. Without a digest the declared tag stays.
 */
export function imageName(declared: string, { digest, registry }: { readonly digest?: Digest | undefined; readonly registry?: string | undefined }): string {
  const name = digest === undefined ? declared : `${declared.replace(/:[^:/]+$/, '')}:${digest.slice('sha256:'.length, 'sha256:'.length + TAG_DIGITS)}`;
  return registry === undefined ? name : `${registry.replace(/\/+$/, '')}/${name}`;
}
