import type { StepContract } from '../contract/index.ts';
import type { Digest } from '../util/index.ts';

/** Asks for the identity of each step's code once in a run: an author who edits a file meanwhile gets one version of it throughout. */
export function rememberCode(ask: (contract: StepContract) => Promise<Digest>): (contract: StepContract) => Promise<Digest> {
  const known = new Map<StepContract, Promise<Digest>>();
  return (contract) => {
    let answer = known.get(contract);
    if (answer === undefined) {
      answer = ask(contract);
      known.set(contract, answer);
    }
    return answer;
  };
}
