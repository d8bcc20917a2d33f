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
    const message = JSON.parse(line.slice(MARK.length)) as Partial<StepMessage>;
    return message.type === 'progress' || message.type === 'failure' ? (message as StepMessage) : undefined;
  } catch {
    return undefined;
  }
}
