import { printMessage, type StepContract } from '../../dsl/contract/index.ts';
import type { Json } from '../../dsl/util/index.ts';
import { printLines, speaksProtocol, variablesOf, type Host } from './host.ts';
import { makeRoom, requireOutputs } from './locate.ts';
import { checkResults } from './write-results.ts';

/** The work with its types taken off; the command line is checked against the contract instead. */
export type UntypedWork = (context: Readonly<Record<string, unknown>>) => unknown;

/** See `implementStep`. */
export type UntypedResolve = (context: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, Json>>> | Readonly<Record<string, Json>>;

/** What the work is given, whoever calls it. */
export interface Given {
  readonly parameters: Readonly<Record<string, Json>>;
  readonly inputs: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Does the work and checks what came out of it; returns the results. Throws what the work throws, PW302 and PW308. */
export async function perform(contract: StepContract, work: UntypedWork, given: Given, host: Host): Promise<Readonly<Record<string, Json>>> {
  await makeRoom(given.outputs);
  const returned = await work({
    parameters: given.parameters,
    inputs: given.inputs,
    outputs: given.outputs,
    ...voiceOf(host),
    signal: host.signal,
    environment: variablesOf(contract, host),
  });
  const values = checkResults(contract, returned);
  await requireOutputs(contract, given.outputs);
  return values;
}

function voiceOf(host: Host) {
  return {
    log: (message: string): void => printLines(host, 'stdout', message),
    progress: (done: number, total: number, note?: string): void => {
      if (speaksProtocol(host)) host.print('stdout', printMessage({ type: 'progress', done, total, ...(note === undefined ? {} : { note }) }));
    },
  };
}
