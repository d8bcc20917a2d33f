import type { Answer } from './exchange.ts';
import { PassingFault, refused } from './fault.ts';

/** What a status other than 2xx means: a PassingFault where asking again makes sense (408, 429, 5xx), PW502 elsewhere. */
export function refusalOf(name: string, { status, statusText, headers }: Pick<Answer, 'status' | 'statusText' | 'headers'>): Error {
  const answer = `${name} answered ${status}${statusText === '' ? '' : ` (${statusText})`}`;
  if (status >= 500 || status === 429 || status === 408) {
    return new PassingFault(answer, { retryAfterSeconds: retryAfter(headers['retry-after']) });
  }
  const guarded = status === 401 || status === 403;
  return refused(
    answer,
    guarded ? 'The server wants to know who asks: give an address that is open, or download the file and give its path.' : 'Correct the address; open it in a browser to see what is there.',
  );
}

/** Seconds, or a date (RFC 9110 §10.2.3). Undefined for what is neither. */
export function retryAfter(header: string | undefined, now: number = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now) / 1000);
}
