import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/*
 * Attempts see nothing of one another, so a step that is to succeed at the third has to ask somebody how often it was
 * tried. `GET …?name` answers 1, 2, 3, …
 */

export interface Counter {
  /** To this the name of a count is appended. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

/** A counter in this process, for runs on a laptop. */
export async function startCounter(): Promise<Counter> {
  const counts = new Map<string, number>();
  const server = createServer(({ url = '' }, response) => {
    const count = (counts.get(url) ?? 0) + 1;
    counts.set(url, count);
    response.end(String(count));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/?`, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
