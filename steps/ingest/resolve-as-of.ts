import { changesWithTheDay } from './contract.ts';

/**
 * In a workflow that a schedule or kubectl creates nobody has filled in the day (docs/decisions/0010): without one the cache would answer
 * every morning with the first morning's bars. Sources that do not change with the day need none.
 */
export function resolveAsOf<P extends { readonly source: string; readonly asOf: string }>({ parameters, log }: { readonly parameters: P; readonly log: (message: string) => void }, today: Date = new Date()): P {
  if (parameters.asOf !== '' || !changesWithTheDay(parameters.source)) return parameters;
  const asOf = today.toISOString().slice(0, 10);
  log(`The source is read as of ${asOf}.`);
  return { ...parameters, asOf };
}
