import { credentialsOf, isLoopback, nameOf } from './address-name.ts';
import { exchange, type Answer } from './exchange.ts';
import { refused } from './fault.ts';
import { MAXIMUM_REDIRECTS, type Limits } from './limits.ts';

const REDIRECTIONS = new Set([301, 302, 303, 307, 308]);

/**
 * Asks an address and follows redirections. Credentials of the address go to its own origin alone; nothing is asked without
 * encryption outside this machine unless that is allowed, and no redirection leads from https to http. PW502 for
 * an address that is not asked and for a chain without end; otherwise as `exchange`.
 */
export async function follow(start: URL, headers: Readonly<Record<string, string>>, limits: Limits): Promise<Answer> {
  demandSafe(start, limits);
  const credentials = credentialsOf(start);
  let url = start;
  for (let redirects = 0; ; redirects++) {
    const answer = await exchange(url, { ...headers, ...(url.origin === start.origin ? credentials : {}) }, limits);
    const { location } = answer.headers;
    if (!REDIRECTIONS.has(answer.status) || location === undefined) return answer;
    answer.close();
    if (redirects === MAXIMUM_REDIRECTS) {
      throw refused(`${nameOf(start)} sends on from one address to the next, more than ${MAXIMUM_REDIRECTS} times`, 'Open it in a browser and give the address at which it ends; a login often looks like this.');
    }
    url = nextAddress(url, location, limits);
  }
}

/** Where a redirection leads. PW502 for what is no address of the web, or is not encrypted where it must be. */
export function nextAddress(from: URL, location: string, limits: Pick<Limits, 'allowHttp'>): URL {
  const to = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (to === undefined || !['http:', 'https:'].includes(to.protocol)) {
    throw refused(`${nameOf(from)} sends on to something that is not an address of the web`, 'Open it in a browser and give the address at which it ends.');
  }
  if (from.protocol === 'https:' && to.protocol === 'http:' && !limits.allowHttp) {
    throw refused(`${nameOf(from)} sends on from https to ${nameOf(to)}, which is not encrypted`, 'Give an https address; or allow the other with the parameter allowHttp.');
  }
  demandSafe(to, limits);
  return to;
}

function demandSafe(url: URL, { allowHttp }: Pick<Limits, 'allowHttp'>): void {
  if (url.protocol === 'https:' || allowHttp || isLoopback(url)) return;
  throw refused(`${nameOf(url)} is not encrypted: what it answers could be read and changed on the way`, 'Give the https address; or allow this one with the parameter allowHttp.');
}
