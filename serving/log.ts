/** Where lines go; by default the process's own streams. */
export interface LineSink {
  write(text: string): unknown;
}

/** Something that happened to the server, for its operator: one JSON object a line. Never holds bodies, headers or keys. */
export type ServerEvent =
  | { readonly event: 'listening'; readonly url: string }
  | { readonly event: 'model-loaded'; readonly model: string; readonly version: string; readonly digest: string; readonly previous: string | null; readonly seconds: number }
  | { readonly event: 'model-load-failed'; readonly model: string; readonly reason: string; readonly serving: string | null }
  | { readonly event: 'online-features-failed'; readonly reason: string }
  | { readonly event: 'feature-log-ended'; readonly reason: string }
  | { readonly event: 'request-failed'; readonly path: string; readonly reason: string }
  | { readonly event: 'draining'; readonly reason: string; readonly inFlight: number }
  | { readonly event: 'stopped'; readonly isClean: boolean };

/** One answered request. `path` is the route's template, because a raw path may hold anything. */
export interface AccessEntry {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** From the head of the request to the end of the reply. */
  readonly milliseconds: number;
  readonly model?: string | undefined;
  readonly version?: string | undefined;
  /** The id that the client gave, cut to 128 characters. */
  readonly id?: string | undefined;
}

export interface Log {
  event(event: ServerEvent): void;
  /** Undefined when no access log is wanted. */
  readonly access: ((entry: AccessEntry) => void) | undefined;
}

const FAILURES: ReadonlySet<ServerEvent['event']> = new Set(['model-load-failed', 'online-features-failed', 'feature-log-ended', 'request-failed']);

export function createLog(sink: LineSink, hasAccessLog: boolean): Log {
  const print = (record: object): void => void sink.write(`${JSON.stringify({ time: new Date().toISOString(), ...record })}\n`);
  return {
    event: (event) => print({ level: FAILURES.has(event.event) ? 'error' : 'info', ...event }),
    access: hasAccessLog ? (entry) => print({ level: 'info', event: 'request', ...entry }) : undefined,
  };
}
