import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** What happens to a request: it goes through, is answered in the server's place, or its answer is lost on its way back. */
export type Fault = 'pass' | 'refuse' | 'overload' | 'lose answer' | 'cut';

/** Stands between an exporter and a real server, and does to each request what `decide` says. */
export class FaultyProxy {
  readonly #server: Server;
  readonly seen: { readonly method: string; readonly path: string; readonly fault: Fault }[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(target: number, decide: (method: string, path: string, number: number) => Fault | Promise<Fault>): Promise<FaultyProxy> {
    const server = createServer();
    const proxy = new FaultyProxy(server);
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
      const [method, path] = [incoming.method!, incoming.url!.split('?')[0]!];
      void Promise.resolve(decide(method, path, proxy.seen.length)).then((fault) => {
        proxy.seen.push({ method, path, fault });
        switch (fault) {
          case 'refuse':
            incoming.resume();
            outgoing.writeHead(500, { 'content-type': 'application/json' }).end('{"error_code": "INTERNAL_ERROR", "message": "no luck today"}');
            return;
          case 'overload':
            incoming.resume();
            outgoing.writeHead(429, { 'retry-after': '0' }).end();
            return;
          case 'cut':
            incoming.socket.destroy();
            return;
          case 'pass':
          case 'lose answer': {
            const onward = request({ port: target, host: '127.0.0.1', method, path: incoming.url, headers: incoming.headers }, (answer) => {
              if (fault === 'lose answer') {
                // The server has done its work; nobody hears of it.
                answer.resume().once('end', () => incoming.socket.destroy());
                return;
              }
              outgoing.writeHead(answer.statusCode!, answer.headers);
              answer.pipe(outgoing);
            });
            onward.once('error', () => incoming.socket.destroy());
            incoming.pipe(onward);
          }
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
