/** `'90s'`, `'15m'`, `'2h'`: always with a unit, because Argo takes a bare number for seconds in one place and refuses it in another. */
export type Duration = `${number}${'s' | 'm' | 'h'}`;

const SECONDS = { s: 1, m: 60, h: 3600 } as const;

/** Seconds; NaN for what is not a duration, so that `check` reports it with the author's line. */
export function toSeconds(duration: string): number {
  const match = /^(\d+(?:\.\d+)?)([smh])$/.exec(duration);
  return match ? Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS] : Number.NaN;
}
