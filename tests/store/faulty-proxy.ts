import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3Settings } from '../../store/s3-settings.ts';

/** What happens to a request: it is refused with a status, its answer is lost, or its answer breaks off in the middle. */
export type Fault = { readonly status: number } | 'lose the answer' | 'cut the answer';

export interface FaultyProxy {
  /** The settings of the server, by way of this proxy. */
  readonly settings: S3Settings;
  /** The next request that fits meets the fault; the others pass. */
  readonly breakNext: (fits: (request: http.IncomingMessage) => boolean, fault: Fault) => void;
  readonly stop: () => Promise<void>;
}

/** Stands between a client and a real server, which answers every request that gets through. */
export async function startFaultyProxy(settings: S3Settings): Promise<FaultyProxy> {
  const planned: { fits: (request: http.IncomingMessage) => boolean; fault: Fault }[] = [];
  const server = http.createServer((request, response) => {
    const index = planned.findIndex(({ fits }) => fits(request));
    const fault = index < 0 ? undefined : planned.splice(index, 1)[0]!.fault;
    if (typeof fault === 'object') {
      request.resume().once('end', () => response.writeHead(fault.status).end());
      return;
    }
    // The signature covers the header Host, which is passed on as it is.
    const options = { host: settings.endPoint, port: settings.port, method: request.method, path: request.url, headers: request.headers };
    const onward = http.request(options, (answer) => {
      if (fault === 'lose the answer') {
        answer.resume().once('end', () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode!, answer.headers);
      if (fault === 'cut the answer') {
        answer.once('data', (chunk: Buffer) => response.write(chunk, () => request.socket.destroy()));
        return;
      }
      answer.pipe(response);
    });
    onward.on('error', () => request.socket.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    settings: { ...settings, endPoint: '127.0.0.1', port },
    breakNext: (fits, fault) => void planned.push({ fits, fault }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
