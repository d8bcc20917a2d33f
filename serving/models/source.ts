import type { ModelIdentity, ServedModel } from './served-model.ts';

/** A version that should be served, found but not read yet. */
export interface Candidate extends ModelIdentity {
  /** Reads, verifies and compiles it. PipewrightError when it must not be served. */
  load(): Promise<ServedModel>;
}

/** Where a model comes from: it knows at any time which version should be served. */
export interface ModelSource {
  /** For messages: "the folder ./model", `alias "production" of model "stock-direction" in …`. */
  readonly description: string;
  /** See `ModelIdentity`. */
  readonly role: string;
  /** The version to serve now. PipewrightError when there is none or it cannot be asked. */
  find(): Promise<Candidate>;
}
