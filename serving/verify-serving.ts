import { PipewrightError } from '../dsl/errors/index.ts';
import { GOLDEN_TOLERANCE, type ModelDocument } from '../model/document/index.ts';

/** How a server's answers compare with the golden predictions. */
export interface ServingReport {
  readonly compared: number;
  readonly largestDifference: number;
  /** Milliseconds of a request for one row, over a connection that is kept: half of them are as fast as this. */
  readonly medianMilliseconds: number;
}

export interface AskOptions {
  /** Name that the model is served under; default: its own. */
  readonly model?: string;
  /** Headers beside the content's type. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Requests for one row, to see how long they take. */
const TIMED_REQUESTS = 20;

/**
 * Asks a server for all golden rows at once and then for one after the other. PW507 when an answer is missing or further off
 * than rounding explains.
 */
export async function verifyServing(url: string, document: Pick<ModelDocument, 'golden' | 'name'>, signal: AbortSignal, { model = document.name, headers = {} }: AskOptions = {}): Promise<ServingReport> {
  const { golden } = document;
  const ask = (rows: readonly (readonly number[])[]): Promise<readonly number[]> => infer(`${url}/v2/models/${model}/infer`, rows, headers, signal);
  const answers = await ask(golden.map(({ row }) => row));
  let largestDifference = 0;
  for (const [at, { probability }] of golden.entries()) {
    const answer = answers[at] ?? Number.NaN;
    const difference = Math.abs(answer - probability);
    // Asked this way round, an answer that is not a number is wrong, too.
    if (!(difference <= GOLDEN_TOLERANCE)) {
      throw failed(`of ${golden.length} golden predictions, number ${at + 1} should be ${probability} and is ${answer} when it is served`);
    }
    largestDifference = Math.max(largestDifference, difference);
  }
  const times: number[] = [];
  for (let at = 0; at < TIMED_REQUESTS; at++) {
    const started = performance.now();
    await ask([golden[at % golden.length]!.row]);
    times.push(performance.now() - started);
  }
  return { compared: golden.length, largestDifference, medianMilliseconds: times.sort((a, b) => a - b)[TIMED_REQUESTS / 2]! };
}

/** One request of the Open Inference Protocol, https://github.com/kserve/open-inference-protocol. */
async function infer(address: string, rows: readonly (readonly number[])[], headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<readonly number[]> {
  const body = JSON.stringify({ inputs: [{ name: 'features', datatype: 'FP64', shape: [rows.length, rows[0]!.length], data: rows.flat() }] });
  const response = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body, signal });
  const text = await response.text();
  if (!response.ok) throw failed(`the server answered ${response.status} to its golden rows: ${text.slice(0, 300)}`);
  const { outputs } = JSON.parse(text) as { readonly outputs?: readonly { readonly name: string; readonly data: readonly number[] }[] };
  return outputs?.find((output) => output.name === 'probability')?.data ?? [];
}

function failed(why: string): PipewrightError {
  return new PipewrightError({
    code: 'PW507',
    message: `The model failed its verification in a real server: ${why}.`,
    fix: 'Do not serve it. Train it again; if that does not help, the predictor of this release differs from the training.',
  });
}
