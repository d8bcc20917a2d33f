import type { Random } from '../../../model/random.ts';

/** How patiently, how often and how much a server is asked. */
export interface Limits {
  /** For a connection to stand, in seconds; with https including the handshake. */
  readonly connectSeconds: number;
  /** How long a server may be silent, before and during its answer. */
  readonly patienceSeconds: number;
  /** For everything: all attempts, the waiting between them and the body. */
  readonly totalSeconds: number;
  /** How often the same is asked at most, 1 for once. */
  readonly attempts: number;
  /** Of a body, packed and unpacked. */
  readonly maximumBytes: number;
  /** Whether an address that is neither https nor on this machine is asked. */
  readonly allowHttp: boolean;
  /** Least time between two requests to the same host. */
  readonly spacingSeconds: number;
  /** The first pause between attempts is at most so long, each further one at most twice as long as the one before. */
  readonly pauseSeconds: number;
  readonly signal?: AbortSignal | undefined;
  /** Draws the pauses; only its `uniform` is used. */
  readonly random: Pick<Random, 'uniform'>;
}

export const DEFAULT_LIMITS: Limits = {
  connectSeconds: 10,
  patienceSeconds: 30,
  totalSeconds: 1800,
  attempts: 4,
  maximumBytes: 512 * 2 ** 20,
  allowHttp: false,
  spacingSeconds: 0,
  pauseSeconds: 0.25,
  // Chance is wanted here: clients that failed together must not come back together.
  random: { uniform: Math.random },
};

/** No pause grows beyond it. */
export const LONGEST_PAUSE_SECONDS = 30;
/** RFC 9110 §15.4 leaves the number to the client; browsers take 20, which no honest file needs. */
export const MAXIMUM_REDIRECTS = 5;
