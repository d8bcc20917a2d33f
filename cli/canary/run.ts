import { describeFindings, judgeFindings, type Findings } from './findings.ts';
import { CANDIDATES, FLOCKS, plantedSignal, randomWalk } from './markets.ts';
import { leakyFeature, letLeakThrough, shuffledSplit, type Sabotage } from './saboteurs.ts';
import { walk, type Walked } from './walk.ts';
import { callWorkers, together } from './workers.ts';

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
  const [found, signals] = await together((signal) => [
    processes === 1 ? walkShare(counts, shares[0]!, tell) : walkElsewhere(counts, shares, tell, signal),
    walkPlanted(planted, signal),
  ]);
  const sabotages = await sabotage();
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

async function walkPlanted(count: number, signal: AbortSignal): Promise<readonly Walked[]> {
  const walked: Walked[] = [];
  for (let at = 0; at < count && !signal.aborted; at++) walked.push(await walk(plantedSignal(FIRST_PLANTED_SEED + at), { candidates: CANDIDATES, seed: at }));
  return walked;
}

/** The shares, each in a process of its own, which prints one line of JSON a market. PW301 when one dies. */
async function walkElsewhere(counts: Counts, shares: readonly Share[], onWalk: (walked: Walked) => void, signal: AbortSignal): Promise<readonly WalkedOfFlock[]> {
  const calls = shares.map(({ part, of }) => ({
    name: `part ${part} of ${of} of the markets`,
    words: [...process.execArgv, process.argv[1]!, 'canary', '--walks', String(counts.walks), '--others', String(counts.others), '--share', `${part}/${of}`],
    lines: listMarkets(counts).filter((_, place) => place % of === part).length,
  }));
  return (await callWorkers<WalkedOfFlock>(calls, onWalk, signal)).flat();
}
