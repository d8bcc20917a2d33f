/**
 * What a step tells its runner while it works: lines on standard output that start with `::pipewright ` and go on with
 * one JSON object. Everything else on standard output and standard error is the step's log. A step in any language may
 * print them; nobody has to. They are printed only when the variable PIPEWRIGHT_PROTOCOL is `lines`.
 */
export type StepMessage =
  | { readonly type: 'progress'; readonly done: number; readonly total: number; readonly note?: string }
  | { readonly type: 'failure'; readonly code: string; readonly message: string; readonly fix: string };

export const PROTOCOL_VARIABLE = 'PIPEWRIGHT_PROTOCOL';
const MARK = '::pipewright ';

export function printMessage(message: StepMessage): string {
  return `${MARK}${JSON.stringify(message)}`;
}

/** The message in a line of a log, or undefined when the line is only a line. */
export function readMessage(line: string): StepMessage | undefined {
  if (!line.startsWith(MARK)) return undefined;
  try {
    const message = JSON.parse(line.slice(MARK.length)) as unknown;
    return isMessage(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

/** Steps are other people's programs: a message that lacks something is a line like any other. */
function isMessage(value: unknown): value is StepMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { type, done, total, note, code, message, fix } = value as Readonly<Record<string, unknown>>;
  if (type === 'progress') return Number.isFinite(done) && Number.isFinite(total) && (note === undefined || typeof note === 'string');
  return type === 'failure' && [code, message, fix].every((text) => typeof text === 'string');
}
