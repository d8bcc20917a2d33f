/** What may stand wherever a run is named; see find-run.ts. */
export const RUN_WORDS = 'identifier of a run, a unique beginning or end of one, "latest", or "previous" (before the latest, of the same pipeline)';
