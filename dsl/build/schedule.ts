import type { ParameterPorts, ValueOfPort } from '../contract/index.ts';
import type { Schedule } from '../ir/index.ts';
import type { Json } from '../util/index.ts';
import { toSeconds, type Duration } from './duration.ts';

/** When a cluster starts the pipeline by itself: `{ cron: '0 6 * * 2-6', timezone: 'America/New_York' }`. */
export interface ScheduleOptions<P extends ParameterPorts> {
  /** Five fields: minute, hour, day of the month, month, day of the week (0 is Sunday). */
  readonly cron: string;
  /** The IANA name of the time zone in which the fields are read; UTC unless stated. */
  readonly timezone?: string;
  /** What happens to a run that is due while the one before is still at work. `Forbid` (default): it is left out. */
  readonly concurrencyPolicy?: Schedule['concurrencyPolicy'];
  /** A run that could not be started at its time, because the cluster was down, is started up to so much later. An hour unless stated. */
  readonly startingDeadline?: Duration;
  /** How many ended runs the cluster keeps; three of each unless stated. */
  readonly history?: { readonly succeeded?: number; readonly failed?: number };
  /** Values for its runs; other parameters have their defaults. */
  readonly params?: { readonly [K in keyof P]?: ValueOfPort<P[K]> };
}

const AN_HOUR: Duration = '1h';
const KEPT = 3;

export function toSchedule({ cron, timezone = 'UTC', concurrencyPolicy = 'Forbid', startingDeadline = AN_HOUR, history = {}, params = {} }: ScheduleOptions<ParameterPorts>): Schedule {
  return Object.freeze({
    cron,
    timezone,
    concurrencyPolicy,
    startingDeadlineSeconds: toSeconds(startingDeadline),
    history: { succeeded: history.succeeded ?? KEPT, failed: history.failed ?? KEPT },
    parameters: params as Readonly<Record<string, Json>>,
  });
}
