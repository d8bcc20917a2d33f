import type { Json } from '../util/index.ts';

/** When a cluster starts the pipeline by itself. A laptop does not read it. */
export interface Schedule {
  /** Five fields: minute, hour, day of the month, month, day of the week (0 is Sunday). */
  readonly cron: string;
  /** The IANA name of the time zone in which the fields are read. */
  readonly timezone: string;
  /** What happens to a run that is due while the one before is still at work: it is left out, both run, or it takes the other's place. */
  readonly concurrencyPolicy: 'Forbid' | 'Allow' | 'Replace';
  /** A run that could not be started at its time is started up to so much later. */
  readonly startingDeadlineSeconds: number;
  /** How many ended runs are kept. */
  readonly history: { readonly succeeded: number; readonly failed: number };
  /** Values for its runs; other parameters have their defaults. */
  readonly parameters: Readonly<Record<string, Json>>;
}
