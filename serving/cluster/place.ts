/** Where and as what the servers of a model stand: all that does not change from version to version. */
export interface ServingPlace {
  /** For deployments, services and routes. */
  readonly namespace: string;
  /** Of the model server. */
  readonly image: string;
  /** Secret with the variables by which a server reads the store. */
  readonly secret: string;
  /** The Gateway that routes are attached to. */
  readonly gateway: { readonly name: string; readonly namespace?: string };
  /** Servers of the version that answers, and the most that autoscaling makes of them. */
  readonly replicas: { readonly least: number; readonly most: number };
}

/** What manifests/cluster sets up. */
export const DEFAULT_PLACE = {
  namespace: 'pipewright-models',
  secret: 'pipewright-server-environment',
  gateway: { name: 'pipewright' },
  // Two, so that a server can go while the other answers.
  replicas: { least: 2, most: 6 },
} as const satisfies Omit<ServingPlace, 'image'>;

/** The only alias whose version gets requests on a cluster. */
export const SERVED_ALIAS = 'production';

/** The version that was before is kept for the way back, with as little as answers at once. */
export const KEPT_REPLICAS = 1;

/** A version of a model. */
export interface Served {
  readonly model: string;
  readonly version: number;
}

/** Header that asks for a version, whatever the weights say. */
export const VERSION_HEADER = 'pipewright-version';
