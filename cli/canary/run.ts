import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describeFindings, judgeFindings, type Findings } from './findings.ts';
import { CANDIDATES, plantedSignal, randomWalk } from './markets.ts';
import { leakyFeature, letLeakThrough, shuffledSplit, type Sabotage } from './saboteurs.ts';
import { walk, type Walked } from './walk.ts';

/** Markets by their seeds; what is not a random walk comes from seeds of its own. */
const FIRST_SEED = 1_000;
const FIRST_PLANTED_SEED = 9_000;

export interface CanaryOptions {
  readonly walks: number;
  readonly planted: number;
  /** Processes that share the random walks. */
  readonly processes: number;
  readonly print: (line: string) => void;
}

/** Walks all markets and tells the rates. */
export async function runCanary({ walks, planted, processes, print }: CanaryOptions): Promise<Findings> {
  const shares = Array.from({ length: processes }, (_, at) => [Math.floor((at * walks) / processes), Math.floor(((at + 1) * walks) / processes)] as const);
  let done = 0;
  const tell = (): void => {
    done++;
    if (done % 50 === 0 && done < walks) print(`… ${done} of ${walks} random walks`);
  };
  const walked = processes === 1 ? walkShare(0, walks, tell) : Promise.all(shares.map(([from, to]) => walkElsewhere(from, to, tell))).then((parts) => parts.flat());
  const signals: Walked[] = [];
  for (let at = 0; at < planted; at++) signals.push(await walk(plantedSignal(FIRST_PLANTED_SEED + at), { candidates: CANDIDATES, seed: at }));
  const sabotages = await sabotage();
  const findings = judgeFindings(await walked, signals, sabotages);
  for (const line of describeFindings(findings)) print(line);
  return findings;
}

/** The random walks `from` … `to` − 1, one after the other. */
export async function walkShare(from: number, to: number, onWalk: (walked: Walked) => void): Promise<readonly Walked[]> {
  const walked: Walked[] = [];
  for (let at = from; at < to; at++) {
    const one = await walk(randomWalk(FIRST_SEED + at), { candidates: CANDIDATES, seed: at });
    walked.push(one);
    onWalk(one);
  }
  return walked;
}

export async function sabotage(): Promise<readonly Sabotage[]> {
  const bars = randomWalk(FIRST_SEED);
  const { days, right, lenient, reason } = await letLeakThrough(bars, 1);
  return [
    leakyFeature(bars),
    { mistake: `the same feature behind the guard's back (right on ${((100 * right) / days).toFixed(0)} % of days)`, guard: 'gate', caught: lenient !== 'promote', detail: reason },
    await shuffledSplit(bars, 1),
  ];
}

/** The same in a process of its own, which prints one line of JSON a walk. */
async function walkElsewhere(from: number, to: number, onWalk: (walked: Walked) => void): Promise<readonly Walked[]> {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, 'canary', '--share', `${from}-${to}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const walked: Walked[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const one = JSON.parse(line) as Walked;
    walked.push(one);
    onWalk(one);
  }
  const [code] = await ended;
  if (code !== 0 || walked.length !== to - from) throw new Error(`The process for the random walks ${from} to ${to} ended with exit code ${code} after ${walked.length} of them.`);
  return walked;
}
