/**
 * How a task, a group or a run ended. The words are Argo's; docs/semantics.md says what each means.
 *
 * - `Succeeded`: it did its work, now or in an earlier run whose outputs were taken.
 * - `Failed`: its program ended with another code than 0, left an output out, or ran out of time.
 * - `Error`: it could not be started.
 * - `Skipped`: a condition was false or a list was empty.
 * - `Omitted`: something that it depends on did not succeed.
 * - `Cancelled`: the user stopped the run first.
 */
export type Status = 'Succeeded' | 'Failed' | 'Error' | 'Skipped' | 'Omitted' | 'Cancelled';

export type RunStatus = 'Succeeded' | 'Failed' | 'Error' | 'Cancelled';

/** Whether what comes after it may run. */
export function letsOthersRun(status: Status): boolean {
  return status === 'Succeeded' || status === 'Skipped';
}

/** The status of something made of parts: one that could not succeed decides, a failure before an error before a stop. */
export function combine(parts: Iterable<Status>): 'Succeeded' | 'Failed' | 'Error' | 'Cancelled' | 'Omitted' {
  const found = new Set(parts);
  if (found.has('Failed')) return 'Failed';
  if (found.has('Error')) return 'Error';
  if (found.has('Cancelled')) return 'Cancelled';
  return found.has('Omitted') ? 'Omitted' : 'Succeeded';
}
