/** An address for messages and manifests: keys are often part of the query, so it is not shown, nor are credentials. */
export function nameOf(url: URL): string {
  const shown = withoutCredentials(url);
  shown.search = '';
  shown.hash = '';
  return shown.href;
}

export function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare;
}

/** A name and a password in an address belong into a header (RFC 9110 §11.7). */
export function credentialsOf({ username, password }: URL): { readonly authorization?: string } {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** Whether an address stays on this machine (RFC 6761 §6.3, RFC 1122 §3.2.1.3). */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
