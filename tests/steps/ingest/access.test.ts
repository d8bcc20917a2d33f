import { describe, expect, it } from 'vitest';
import { withAccess } from '../../../steps/ingest/access.ts';
import { collect } from '../../../steps/ingest/collect.ts';
import { ACCESS_VARIABLE, withoutAccess } from '../../../steps/ingest/contract.ts';
import { QUICK_LIMITS } from './server.ts';

const WISH = { source: 'packaged', symbol: '', digest: '', from: '', asOf: '', adjusted: false, baseUrl: '' };

describe('an address without what opens it', () => {
  it.each([
    ['http://bob:SECRET@example.org/p.csv', 'http://example.org/p.csv'],
    ['https://SECRET@example.org/{symbol}.csv', 'https://example.org/{symbol}.csv'],
    ['https://example.org/p.csv?apikey=SECRET', 'https://example.org/p.csv'],
    ['https://example.org/p.csv#SECRET', 'https://example.org/p.csv'],
    ['HTTPS://bob:SECRET@example.org?k=SECRET', 'HTTPS://example.org'],
    ['https:/bob:SECRET@example.org/', 'https:/example.org/'],
    ['https:\\\\bob:SECRET@example.org/', 'https:\\\\example.org/'],
    [' https://bob:SECRET@example.org/', ' https://example.org/'],
    ['http://bob:SEC/RET@example.org/', 'http://example.org/'],
    ['ftp://bob:SECRET@example.org/p.csv', 'ftp://example.org/p.csv'],
  ])('%s is %s', (text, bare) => expect(withoutAccess(text)).toBe(bare));

  it.each([
    'packaged', 'a?b@c.csv', './data/{symbol}.csv', 'C:/data/p.csv', 'file:///data/p?.csv', 'https://example.org/@me/{symbol}.csv', 'https://{symbol}.example.org/', 'yahoo:^GSPC',
    'synthetic:garch?days=250&seed=7', `dataset:sha256:${'1'.repeat(64)}`,
  ])('%s is as it is', (text) => expect(withoutAccess(text)).toBe(text));

  it.each(['source', 'baseUrl'])('is demanded of %s, and the refusal does not repeat the secret', async (parameter) => {
    const reading = collect({ ...WISH, source: 'yahoo:IBM', [parameter]: 'http://bob:SECRET@127.0.0.1:1/p.csv' }, QUICK_LIMITS, {});
    await expect(reading).rejects.toThrow(new RegExp(`^PW501: The address in the parameter "${parameter}" has a user, a password, a query or a fragment, and parameters are recorded\\.$`));
    await expect(reading).rejects.toMatchObject({ issues: [{ fix: expect.stringContaining(ACCESS_VARIABLE) }] });
  });
});

describe('the variable that opens an address', () => {
  const open = (address: string, access: string, symbol = ''): string => withAccess(address, symbol, { [ACCESS_VARIABLE]: access });

  it('gives user, password and query to its own origin', () => {
    expect(open('https://example.org/p.csv', 'https://bob:pw@example.org?key=1')).toBe('https://bob:pw@example.org/p.csv?key=1');
    expect(open('https://example.org/p.csv', 'https://example.org/?of={symbol}&key=1', '^GSPC')).toBe('https://example.org/p.csv?of=%5EGSPC&key=1');
    expect(withAccess('https://example.org/p.csv', '', {})).toBe('https://example.org/p.csv');
  });

  it.each(['http://example.org/p.csv', 'https://example.org:8443/p.csv', 'https://example.org.evil.net/p.csv', 'https://www.example.org/p.csv'])('gives nothing to another origin: %s', (address) => {
    expect(open(address, 'https://bob:pw@example.org?key=1')).toBe(address);
  });

  it.each(['SECRET', 'https://bob:100%SECRET@example.org', 'https://bob:SEC/RET@example.org'])('is refused without a word of it when it is none: %s', (access) => {
    expect(() => open('https://example.org/p.csv', access)).toThrow(/^PW501: The variable PIPEWRIGHT_SOURCE_ACCESS does not hold an address\.$/);
  });
});
