import { PROTOCOL_VARIABLE, type StepContract } from '../../dsl/contract/index.ts';
import type { Digest } from '../../dsl/util/index.ts';

/** Where a step runs: a process of its own, or a test. */
export interface Host {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (stream: 'stdout' | 'stderr', line: string) => void;
  readonly signal: AbortSignal;
  /** The identity of the program; undefined where it is not packed, as in a test: then it asks no cache. */
  readonly codeOf?: () => Promise<Digest>;
  /** Where Kubernetes looks for the last words of a container. */
  readonly terminationLog?: string;
}

/** Whether the runner reads messages among the lines; see dsl/contract/protocol.ts. */
export function speaksProtocol(host: Host): boolean {
  return host.environment[PROTOCOL_VARIABLE] === 'lines';
}

export function printLines(host: Host, stream: 'stdout' | 'stderr', text: string): void {
  for (const line of text.split('\n')) host.print(stream, line);
}

/** The variables that a contract declares. */
export function variablesOf(contract: StepContract, { environment }: Host): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries([...contract.environment, ...contract.secrets].map((name) => [name, environment[name]]));
}
