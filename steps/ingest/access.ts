import { PipewrightError } from '../../dsl/errors/index.ts';
import { ACCESS_FIX, ACCESS_VARIABLE, fillInSymbol, withoutAccess } from './contract.ts';
import { credentialsOf } from './http/address-name.ts';

/** PW501 for an address that may hold a secret: whoever reads a run, its task or a log would read it. The message does not repeat it. */
export function demandWithoutAccess(parameter: string, text: string): void {
  if (withoutAccess(text) === text) return;
  throw new PipewrightError({ code: 'PW501', message: `The address in the parameter "${parameter}" has a user, a password, a query or a fragment, and parameters are recorded.`, fix: ACCESS_FIX });
}

/**
 * An address with what opens it: user, password and query of the variable's address if that is of the same origin, so that a key goes nowhere
 * else. PW501 when the variable holds no address.
 */
export function withAccess(address: string, symbol: string, environment: Readonly<Record<string, string | undefined>>): string {
  const given = environment[ACCESS_VARIABLE] ?? '';
  if (given === '' || !URL.canParse(address)) return address;
  const filled = fillInSymbol(given, symbol);
  const [url, access] = [new URL(address), parseAccess(filled)];
  if (url.origin !== access.origin) return address;
  const { username, password, search } = access;
  return Object.assign(url, { username, password, search }).href;
}

function parseAccess(text: string): URL {
  try {
    const url = new URL(text);
    credentialsOf(url);
    return url;
  } catch {
    // The cause would quote it.
    throw new PipewrightError({ code: 'PW501', message: `The variable ${ACCESS_VARIABLE} does not hold an address.`, fix: 'Write it as in https://name:password@example.org?key=…; of the signs in a password write % as %25, @ as %40, / as %2F.' });
  }
}
