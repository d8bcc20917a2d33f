import { connect, type Socket } from 'node:net';

export interface LoadOrder {
  /** This machine unless stated. */
  readonly host?: string;
  readonly port: number;
  readonly path: string;
  readonly body: string;
  readonly requests: number;
  readonly connections: number;
  /** Requests a second, whatever the answers take (open loop); undefined: each connection asks again when it is answered. */
  readonly rate?: number;
  readonly maximumSeconds: number;
}

export interface LoadReport {
  readonly requests: number;
  readonly failures: number;
  readonly seconds: number;
  /** Of each request, sorted. In an open loop from when it should have been sent, so that a server that stalls cannot hide it. */
  readonly milliseconds: readonly number[];
}

/** A connection that is kept and asks one thing at a time. */
interface Client {
  ask(): Promise<boolean>;
  end(): void;
}

/** Bare sockets: a real HTTP client would cost more than the server that is measured. */
function openClient(order: LoadOrder): Promise<Client> {
  const request = Buffer.from(`POST ${order.path} HTTP/1.1\r\nhost: ${order.host ?? '127.0.0.1'}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(order.body)}\r\n\r\n${order.body}`);
  return new Promise((resolve, reject) => {
    let answered: ((isGood: boolean) => void) | undefined;
    let heard = '';
    const settle = (isGood: boolean): void => {
      const tell = answered;
      answered = undefined;
      heard = '';
      tell?.(isGood);
    };
    const socket: Socket = connect({ port: order.port, host: order.host ?? '127.0.0.1', noDelay: true }, () =>
      resolve({
        ask: () =>
          new Promise((tell) => {
            // Writing to a closed connection tells nobody.
            if (socket.destroyed) return tell(false);
            answered = tell;
            socket.write(request);
          }),
        end: () => socket.destroy(),
      }),
    );
    socket.on('error', (error) => {
      reject(error);
      settle(false);
    });
    socket.on('close', () => settle(false));
    socket.setEncoding('latin1').on('data', (text: string) => {
      heard += text;
      const head = heard.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(heard.slice(0, head))?.[1]);
      if (heard.length >= head + 4 + length) settle(heard.startsWith('HTTP/1.1 200'));
    });
  });
}

/** The nearest of sorted values: `share` of them are below it. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

/** Loads one server, and ends by itself after a number of requests or seconds, whichever comes first. */
export async function load(order: LoadOrder): Promise<LoadReport> {
  const clients = await Promise.all(Array.from({ length: order.connections }, () => openClient(order)));
  const milliseconds: number[] = [];
  let failures = 0;
  let sent = 0;
  const started = performance.now();
  const deadline = started + order.maximumSeconds * 1000;
  const isOver = (): boolean => sent >= order.requests || performance.now() > deadline;
  const ask = async (client: Client, since: number): Promise<void> => {
    const isGood = await client.ask();
    milliseconds.push(performance.now() - since);
    if (!isGood) failures++;
  };

  if (order.rate === undefined) {
    await Promise.all(
      clients.map(async (client) => {
        while (!isOver()) {
          sent++;
          await ask(client, performance.now());
        }
      }),
    );
  } else {
    // Requests that are due wait for a free connection; their time runs from when they were due.
    const free = [...clients];
    const due: number[] = [];
    const under: Promise<void>[] = [];
    const start = (client: Client, since: number): void => {
      under.push(
        ask(client, since).then(() => {
          const next = due.shift();
          if (next === undefined) free.push(client);
          else start(client, next);
        }),
      );
    };
    while (!isOver()) {
      for (const now = performance.now(); sent < order.requests && started + (sent * 1000) / order.rate <= now; sent++) {
        const since = started + (sent * 1000) / order.rate;
        const client = free.pop();
        if (client) start(client, since);
        else due.push(since);
      }
      // Sleeps while nothing is due soon: a generator that spins would take the processor from the server.
      const untilNext = started + (sent * 1000) / order.rate - performance.now();
      await new Promise((resolve) => (untilNext > 1.5 ? setTimeout(resolve, 1) : setImmediate(resolve)));
    }
    while (milliseconds.length < sent && performance.now() < deadline + 1000) await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all(under);
  }
  const seconds = (performance.now() - started) / 1000;
  for (const client of clients) client.end();
  return { requests: milliseconds.length, failures, seconds, milliseconds: milliseconds.sort((a, b) => a - b) };
}
