import { setTimeout as delay } from 'node:timers/promises';
import type { ModelDocument } from '../../model/document/index.ts';
import { verifyServing, type ServingReport } from '../verify-serving.ts';
import type { Kubernetes } from './kubernetes.ts';
import { VERSION_HEADER, type Served } from './place.ts';
import { notRolledOut, reasonOf } from './refusal.ts';
import { refusalOf } from './route.ts';

/** What a gateway that has several proxies must say one after the other before all of them are taken to have the route. */
const ANSWERS_IN_A_ROW = 10;
const PATIENCE_MS = 60_000;
const PAUSE_MS = 50;
/** For one answer: a gateway that hangs must not use up the patience. */
const ANSWER_MS = 5_000;

export interface ProofOptions {
  /** `http://127.0.0.1:8088` */
  readonly gateway: string;
  readonly document: Pick<ModelDocument, 'golden' | 'name'>;
  /** Ask for the version by header, as before it gets requests; else as any client does. */
  readonly byHeader: boolean;
  readonly signal: AbortSignal;
}

/**
 * Asks through the gateway until the version answers, and then for the golden predictions. PW603 when it does not answer
 * within a minute, with what came instead, or when the predictions are others.
 */
export async function proveThroughGateway(kubernetes: Kubernetes, served: Served, { gateway, document, byHeader, signal }: ProofOptions): Promise<ServingReport> {
  const headers: Record<string, string> = byHeader ? { [VERSION_HEADER]: String(served.version) } : {};
  const until = Date.now() + PATIENCE_MS;
  let inARow = 0;
  while (inARow < ANSWERS_IN_A_ROW) {
    const answer = await ask(gateway, served.model, document, headers, signal);
    signal.throwIfAborted();
    if (answer.version === String(served.version)) {
      inARow++;
      continue;
    }
    inARow = 0;
    if (Date.now() > until) {
      const route = await kubernetes.get('HTTPRoute', served.model);
      const refusal = route === undefined ? 'its route was removed' : refusalOf(route);
      throw notRolledOut(served, refusal ?? `the gateway ${gateway} ${answer.says}`, 'See that the Gateway is programmed (kubectl get gateway -A) and that this address leads to it.');
    }
    await delay(PAUSE_MS, undefined, { signal });
  }
  try {
    return await verifyServing(gateway, document, signal, { model: served.model, headers });
  } catch (error) {
    signal.throwIfAborted();
    throw notRolledOut(served, `through the gateway ${gateway}: ${reasonOf(error)}`, 'Train the model again; if that does not help, the predictor of this release differs from the training.');
  }
}

/** One request; which version answered, or what came instead as a clause. */
async function ask(gateway: string, model: string, { golden }: Pick<ModelDocument, 'golden'>, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<{ readonly version?: string; readonly says: string }> {
  const row = golden[0]!.row;
  const body = JSON.stringify({ inputs: [{ name: 'features', datatype: 'FP64', shape: [1, row.length], data: row }] });
  try {
    const response = await fetch(`${gateway}/v2/models/${model}/infer`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body, signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]) });
    const text = await response.text();
    if (!response.ok) return { says: `answers ${response.status}: ${text.slice(0, 200)}` };
    const { model_version: version } = JSON.parse(text) as { readonly model_version?: string };
    return { ...(version === undefined ? {} : { version }), says: `still answers with version ${version}` };
  } catch (error) {
    const { cause } = error as { readonly cause?: unknown };
    return { says: `cannot be asked: ${reasonOf(cause ?? error)}` };
  }
}
