import type { Presenter } from './presenter.ts';

/** Every event as one line of JSON, as dsl/local/event.ts describes it, and nothing else. */
export function createJsonLines(out: NodeJS.WritableStream): Presenter {
  return {
    kind: 'ndjson',
    onEvent: (event) => void out.write(`${JSON.stringify(event)}\n`),
    tell: () => undefined,
    close: () => undefined,
  };
}
