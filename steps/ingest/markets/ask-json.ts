import { Attempts, withDeadline } from '../http/attempts.ts';
import type { Answer } from '../http/exchange.ts';
import { PassingFault, refused } from '../http/fault.ts';
import { nameOf } from '../http/address-name.ts';
import { readWhole } from '../http/download.ts';
import type { Limits } from '../http/limits.ts';
import { refusalOf } from '../http/refusal.ts';
import { withoutKey } from './conceal.ts';

/** An API's answer fits into memory easily: fifty years of days are about 2 MB. */
const MAXIMUM_ANSWER_BYTES = 64 * 2 ** 20;

export interface JsonQuestion<T> {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly limits: Limits;
  /** Taken out of the answer before anybody reads it: a message that is cut short must not show the half of it. */
  readonly key?: string;
  /** What a JSON answer with status 2xx says. Throws a PassingFault for what is to be asked again. */
  readonly read: (json: unknown, answeredAt: number) => T;
  /** What a JSON answer with another status says; undefined when it is not in the words of the service. */
  readonly refusal?: (json: unknown) => Error | undefined;
}

/**
 * Asks a service that answers in JSON; passing faults are tried again, what is said in JSON included. PW502 for an answer that is
 * not the service's (a web page, another format); PW301 for faults that do not pass.
 */
export async function askJson<T>({ url, headers = {}, limits: given, key, read, refusal }: JsonQuestion<T>): Promise<T> {
  const name = nameOf(url);
  const limits = withDeadline({ ...given, maximumBytes: Math.min(given.maximumBytes, MAXIMUM_ANSWER_BYTES) }, name);
  return new Attempts(limits).run(async () => {
    const { answer, bytes } = await readWhole(url, { accept: 'application/json', 'user-agent': 'Mozilla/5.0 (compatible; pipewright)', ...headers }, limits);
    const whole = bytes.toString('utf8').replace(/^\ufeff/, '').trim();
    const text = key === undefined ? whole : withoutKey(whole, key);
    if (answer.status < 200 || answer.status > 299) {
      const fault = refusalOf(name, answer);
      if (fault instanceof PassingFault) throw fault;
      throw refusal?.(parse(text)) ?? fault;
    }
    if (text.startsWith('<')) throw page(name, answer);
    const json = parse(text);
    if (json === undefined) throw new PassingFault(`${name} answered with ${text === '' ? 'nothing' : 'something that is not JSON, or is cut off'}`);
    return read(json, Date.parse(answer.headers.date ?? '') || Date.now());
  });
}

/** Undefined for a text that is not JSON; the parser's own message would quote it. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function page(name: string, { url }: Answer): Error {
  const moved = nameOf(url) === name ? '' : ` (from ${nameOf(url)})`;
  return refused(`${name} answered with a web page${moved} instead of data`, 'Services do so when they want a consent or a login, or have enough of the questions: open the address in a browser, ask later or from elsewhere.');
}

/** What a service says, for a message: one line, short, nothing but what can be printed. */
export function quote(said: unknown): string {
  const line = String(said).replaceAll(/[^\p{L}\p{N}\p{P}\p{S}]+/gu, ' ').trim();
  return JSON.stringify(line.length > 200 ? `${line.slice(0, 199)}…` : line);
}

