/** A folder for packed programs. */
export const CACHE: string;

export interface BundleOptions {
  readonly folder?: string;
  /** Whether dynamic imports become files of their own, loaded when they are needed. */
  readonly isSplit?: boolean;
  /** Names of packages that are packed as well; all others are left where they are. */
  readonly packages?: readonly string[];
}

/** The path of the packed program. Throws esbuild's `BuildFailure`, whose `errors` have file, line and text. */
export function bundleOnce(entry: string, options?: BundleOptions): Promise<string>;
