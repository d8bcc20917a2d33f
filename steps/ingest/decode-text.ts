import { PipewrightError } from '../../dsl/errors/index.ts';

/** What a file that is no CSV text begins with, and what to do about it. */
const STRANGERS: readonly { readonly is: (head: Uint8Array) => boolean; readonly what: string; readonly fix: string }[] = [
  { is: startsWith(0x1f, 0x8b), what: 'compressed with gzip', fix: 'Unpack it with gunzip first.' },
  { is: startsWith(0x50, 0x4b), what: 'a zip archive or a spreadsheet', fix: 'Unpack it, or save the sheet as CSV.' },
  { is: startsWith(0xff, 0xfe), what: 'text in UTF-16', fix: 'Save it as UTF-8.' },
  { is: startsWith(0xfe, 0xff), what: 'text in UTF-16', fix: 'Save it as UTF-8.' },
  {
    is: textStartsWith('<'),
    what: 'a web page',
    fix: 'Give the address of the file itself: hosts answer with a page when a login is needed, a limit is reached or a file has moved.',
  },
  { is: textStartsWith('{', '['), what: 'JSON', fix: 'Give the address that answers with CSV, or convert the file first.' },
];

/** Bytes to text, chunk by chunk. PW502 with the reason when the bytes are not CSV text in UTF-8. */
export async function* decodeText(name: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (cause) {
      throw new PipewrightError({ code: 'PW502', message: `${name} is not text in UTF-8.`, fix: 'Save it as UTF-8, or give a CSV file.' }, { cause });
    }
  };
  let isFirst = true;
  for await (const chunk of bytes) {
    if (chunk.length === 0) continue;
    if (isFirst) refuseStrangers(name, chunk);
    isFirst = false;
    yield decode(chunk);
  }
  yield decode();
}

function refuseStrangers(name: string, head: Uint8Array): void {
  const stranger = STRANGERS.find(({ is }) => is(head));
  if (stranger === undefined) return;
  throw new PipewrightError({ code: 'PW502', message: `${name} is not a CSV file but ${stranger.what}${quoteStart(head)}.`, fix: stranger.fix });
}

function startsWith(...bytes: readonly number[]): (head: Uint8Array) => boolean {
  return (head) => bytes.every((byte, at) => head[at] === byte);
}

function textStartsWith(...starts: readonly string[]): (head: Uint8Array) => boolean {
  return (head) => starts.some((start) => firstWords(head).startsWith(start));
}

function firstWords(head: Uint8Array): string {
  return new TextDecoder().decode(head.subarray(0, 200)).trimStart();
}

/** The first line, if it is something to read. */
function quoteStart(head: Uint8Array): string {
  const line = firstWords(head).split(/\r?\n/)[0]!;
  return /^[\p{L}\p{N}\p{P}\p{S}\p{Zs}]+$/u.test(line) ? `; it begins with ${JSON.stringify(line.slice(0, 60))}` : '';
}
