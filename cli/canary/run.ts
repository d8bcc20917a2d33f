import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describeFindings, judgeFindings, type Findings } from './findings.ts';
import { CANDIDATES, FLOCKS, plantedSignal, randomWalk } from './markets.ts';
import { leakyFeature, letLeakThrough, shuffledSplit, type Sabotage } from './saboteurs.ts';
import { walk, type Walked } from './walk.ts';

/** Markets by their seeds; what is not a random walk comes from seeds of its own. */
const FIRST_SEED = 1_000;
const FIRST_PLANTED_SEED = 9_000;

export interface CanaryOptions {
  /** Random walks with labels of one day. */
  readonly walks: number;
  /** Markets of each of the other flocks. */
  readonly others: number;
  readonly planted: number;
  /** Processes that share the random walks and the other flocks. */
  readonly processes: number;
  readonly print: (line: string) => void;
}

/** Walks all markets and tells the rates. */
export async function runCanary({ walks, others, planted, processes, print }: CanaryOptions): Promise<Findings> {
  const all = listMarkets({ walks, others }).length;
  let done = 0;
  const tell = (): void => {
    done++;
    if (done % 50 === 0 && done < all) print(`… ${done} of ${all} markets`);
  };
  const counts = { walks, others };
  const shares = Array.from({ length: processes }, (_, part) => ({ part, of: processes }));
  const walked = processes === 1 ? walkShare(counts, shares[0]!, tell) : Promise.all(shares.map((share) => walkElsewhere(counts, share, tell))).then((parts) => parts.flat());
  const signals: Walked[] = [];
  for (let at = 0; at < planted; at++) signals.push(await walk(plantedSignal(FIRST_PLANTED_SEED + at), { candidates: CANDIDATES, seed: at }));
  const sabotages = await sabotage();
  const found = await walked;
  const flocks = FLOCKS.map(({ name }, flock) => ({ name, walked: found.filter((one) => one.flock === flock) }));
  const findings = judgeFindings(flocks, signals, sabotages);
  for (const line of describeFindings(findings)) print(line);
  return findings;
}

export interface WalkedOfFlock extends Walked {
  /** Its place in the list of flocks. */
  readonly flock: number;
}

export interface Counts {
  readonly walks: number;
  readonly others: number;
}

/** Of a list that is dealt out one by one, what falls to one of so many. */
export interface Share {
  readonly part: number;
  readonly of: number;
}

function listMarkets({ walks, others }: Counts): readonly { readonly flock: number; readonly at: number }[] {
  return FLOCKS.flatMap((_, flock) => Array.from({ length: flock === 0 ? walks : others }, (_, at) => ({ flock, at })));
}

/** The markets of a share, one after the other. */
export async function walkShare(counts: Counts, { part, of }: Share, onWalk: (walked: Walked) => void): Promise<readonly WalkedOfFlock[]> {
  const walked: WalkedOfFlock[] = [];
  for (const { flock, at } of listMarkets(counts).filter((_, place) => place % of === part)) {
    const { market, name: _, ...options } = FLOCKS[flock]!;
    const one = { ...(await walk(market(FIRST_SEED + at), { ...options, seed: at })), flock };
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

/** The same in a process of its own, which prints one line of JSON a market. */
async function walkElsewhere(counts: Counts, share: Share, onWalk: (walked: Walked) => void): Promise<readonly WalkedOfFlock[]> {
  const { walks, others } = counts;
  const words = ['canary', '--walks', String(walks), '--others', String(others), '--share', `${share.part}/${share.of}`];
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const walked: WalkedOfFlock[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const one = JSON.parse(line) as WalkedOfFlock;
    walked.push(one);
    onWalk(one);
  }
  const [code] = await ended;
  const expected = listMarkets(counts).filter((_, place) => place % share.of === share.part).length;
  if (code !== 0 || walked.length !== expected) throw new Error(`The process for part ${share.part} of ${share.of} of the markets ended with exit code ${code} after ${walked.length} of ${expected}.`);
  return walked;
}
