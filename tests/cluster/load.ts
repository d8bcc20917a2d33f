import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** What became of one request. */
export interface Observation {
  /** Milliseconds since the load began, at which it was due. */
  readonly due: number;
  /** From then to its answer: a request that waits its turn is slow, not late. */
  readonly milliseconds: number;
  readonly row: number;
  readonly version?: string;
  readonly probability?: number;
  /** Why there is no answer. */
  readonly failure?: string;
}

export interface Load {
  readonly seen: readonly Observation[];
  /** Milliseconds since it began. */
  now(): number;
  /** Waits until requests that were due from now on have been answered by this version. */
  until(version: number): Promise<void>;
  stop(): Promise<readonly Observation[]>;
}

/** Asks at a steady rate whatever the answers do (open loop), over connections that are kept, each time for the next row. */
export function startLoad(gateway: string, model: string, rows: readonly (readonly number[])[], rate: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const bodies = rows.map((row) => JSON.stringify({ inputs: [{ name: 'features', shape: [1, row.length], datatype: 'FP64', data: row }] }));
  const began = performance.now();
  const seen: Observation[] = [];
  const open = new Set<Promise<void>>();
  let isRunning = true;
  let sent = 0;

  const ask = (row: number, due: number): Promise<void> => {
    const finish = (outcome: Partial<Observation>): void => void seen.push({ due, row, milliseconds: performance.now() - began - due, ...outcome });
    return new Promise((resolve) => {
      const message = request(`${gateway}/v2/models/${model}/infer`, { method: 'POST', agent, headers: { 'content-type': 'application/json' }, timeout: 10_000 }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('error', (error) => (finish({ failure: error.message }), resolve())).on('end', () => {
          if (response.statusCode !== 200) finish({ failure: `${response.statusCode}: ${text}` });
          else {
            const { model_version: version, outputs } = JSON.parse(text) as { model_version: string; outputs: { data: number[] }[] };
            finish({ version, probability: outputs[0]!.data[0]! });
          }
          resolve();
        });
      });
      message.on('timeout', () => message.destroy(new Error('no answer in 10 s')));
      message.on('error', (error) => (finish({ failure: error.message }), resolve())).end(bodies[row]);
    });
  };

  const generate = async (): Promise<void> => {
    while (isRunning) {
      while (isRunning && (sent * 1000) / rate <= performance.now() - began) {
        const work: Promise<void> = ask(sent % rows.length, (sent * 1000) / rate).finally(() => open.delete(work));
        open.add(work);
        sent++;
      }
      await delay(1);
    }
  };
  const generating = generate();

  return {
    seen,
    now: () => performance.now() - began,
    async until(version) {
      const from = performance.now() - began;
      for (let waited = 0; !seen.some((each) => each.due > from && each.version === String(version)); waited += 10) {
        if (waited > 60_000) throw new Error(`version ${version} does not answer; the last answers: ${JSON.stringify(seen.slice(-3))}`);
        await delay(10);
      }
    },
    async stop() {
      isRunning = false;
      await generating;
      await Promise.all(open);
      agent.destroy();
      return seen;
    },
  };
}

/** Half, 99 of 100 and 999 of 1000 requests were as fast as these, in milliseconds. */
export function describeLatency(seen: readonly Observation[]): string {
  const sorted = seen.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const at = (share: number): string => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, p99.9 ${at(0.999)} ms, worst ${sorted.at(-1)!.toFixed(1)} ms`;
}
