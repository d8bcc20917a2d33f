import { PipewrightError } from '../dsl/errors/index.ts';
import type { Digest } from '../dsl/util/index.ts';
import type { Store } from '../store/index.ts';
import type { LedgerAction, LedgerEntry } from './entry.ts';
import { earlierVersions, foldAliases, type AliasState } from './fold.ts';
import type { Ledger, NewEntry } from './ledger.ts';
import { checkAlias, checkText, checkTime } from './names.ts';
import { digestOfVersion } from './version.ts';
import { readVersion } from './versions.ts';

/** Why, and on whose word: the part that every entry has. */
export interface Grounds {
  readonly reason: string;
  readonly evidence?: Digest;
  /** What was asked before the decision, and how it was answered: `{ data: 'yes', slices: 'open' }`. */
  readonly review?: Readonly<Record<string, string>>;
  /** The run that decided, one of its kind. Asked again by the same run, nothing is added twice. */
  readonly run?: string;
  /** Default: now. The ledger keeps it no earlier than the entry before. */
  readonly at?: string | Date;
}

export interface Promotion extends Grounds {
  readonly version: number;
  readonly alias: string;
  /** Where the alias points as far as the caller knows; undefined: nowhere. Otherwise PW411 (compare and swap). */
  readonly expected: number | undefined;
  /** The verdict, for example `promote` or `manual`. */
  readonly decision: string;
  /** The requests are still to follow; `recordDecision` with `ROLLED_OUT` says when they have. */
  readonly pending?: boolean;
}

export interface Rollback extends Grounds {
  /** The version that proved bad. Default: where the alias points when this begins. */
  readonly expected?: number;
  /** Default: the one before. Any version that the alias has held and not been rolled back from. */
  readonly to?: number;
  /** Default: `rollback`. */
  readonly decision?: string;
}

/** A decision that moves nothing, for example `keep` or `inconclusive`. */
export interface Decision extends Grounds {
  /** The version that was judged, and the alias that it was judged for. */
  readonly version: number;
  readonly alias: string;
  readonly decision: string;
}

/** What the entries of all actions have in common. */
type Shared = Omit<NewEntry, 'action' | 'version' | 'from'>;

export interface Model {
  readonly store: Store;
  readonly name: string;
  readonly ledger: Ledger;
}

/**
 * Points an alias to a version, if it still points where the caller thinks. PW411 if not, PW412 if there is no such
 * version. If it points there already, nothing is added: the entry that put it there is the answer.
 */
export async function promote(model: Model, promotion: Promotion): Promise<LedgerEntry> {
  const { version, alias, expected, decision, pending = false } = promotion;
  const grounds = await groundsOf(model, alias, version, decision, promotion);
  return appendWhile(model, (entries) => {
    const state = foldAliases(entries).get(alias);
    const own = promotionOfRun(entries, version, grounds);
    if (own !== undefined && state !== undefined) {
      if (state.entry.sequence !== own.sequence) throw alreadyDone(own, state);
      return { done: own };
    }
    if (state?.version !== expected) throw overtaken(model.name, alias, expected, state);
    if (state?.version === version) return { done: state.entry };
    return { entry: { action: 'promote', version, from: expected ?? null, ...grounds, ...(pending ? { pending } : {}) } };
  });
}

/** PW411, as a promotion would say it, unless the alias points where the caller thinks: to ask before something is done for it. */
export async function demandAlias(model: Model, alias: string, expected: number | undefined): Promise<void> {
  checkAlias(alias);
  const state = foldAliases(await model.ledger.read()).get(alias);
  if (state?.version !== expected) throw overtaken(model.name, alias, expected, state);
}

/** Points an alias back to a version that it held before. PW412 if there is none, PW411 if the alias has moved meanwhile. */
export async function rollback(model: Model, alias: string, request: Rollback): Promise<LedgerEntry> {
  checkAlias(alias);
  const entries = await model.ledger.read();
  const state = foldAliases(entries).get(alias);
  // The same run asks again because its answer was lost: one step back is what it wanted, not two.
  const run = request.run ?? null;
  const done = run === null ? undefined : entries.findLast((entry) => entry.run === run && entry.action === 'rollback' && entry.alias === alias);
  if (done !== undefined && done.sequence === state?.entry.sequence) return done;
  const expected = request.expected ?? state?.version;
  if (state === undefined || state.version !== expected) throw overtaken(model.name, alias, expected, state);
  const earlier = earlierVersions(entries, alias);
  const to = request.to ?? earlier[0];
  if (to === undefined || !earlier.includes(to)) throw noWayBack(model.name, alias, state.version, to, earlier);
  const grounds = await groundsOf(model, alias, to, request.decision ?? 'rollback', request);
  return appendWhile(model, (now) => {
    const present = foldAliases(now).get(alias);
    if (present?.entry.sequence !== state.entry.sequence) throw overtaken(model.name, alias, expected, present);
    return { entry: { action: 'rollback', version: to, from: state.version, ...grounds } };
  });
}

/** Records a decision that leaves the alias where it is. */
export async function recordDecision(model: Model, decision: Decision): Promise<LedgerEntry> {
  const { version, alias } = decision;
  const grounds = await groundsOf(model, alias, version, decision.decision, decision);
  return appendWhile(model, (entries) => {
    const done = entryOfRun(entries, 'none', version, grounds);
    if (done?.decision === grounds.decision && done.evidence === grounds.evidence) return { done };
    return { entry: { action: 'none', version, from: foldAliases(entries).get(alias)?.version ?? null, ...grounds } };
  });
}

/**
 * What the same run has last written about the same version and alias. A step that is retried because its answer was lost
 * must not decide twice, and least of all bring back a version that was rolled back meanwhile.
 */
function entryOfRun(entries: readonly LedgerEntry[], action: LedgerAction, version: number, { alias, run }: Shared): LedgerEntry | undefined {
  if (run === null) return undefined;
  return entries.findLast((entry) => entry.run === run && entry.action === action && entry.alias === alias && entry.version === version);
}

/** The same for a promotion; undefined where the run itself took it back, as a rollout does that fails after it: then it may try again. */
function promotionOfRun(entries: readonly LedgerEntry[], version: number, grounds: Shared): LedgerEntry | undefined {
  const promoted = entryOfRun(entries, 'promote', version, grounds);
  const takenBack = entries.findLast((entry) => entry.run === grounds.run && entry.action === 'rollback' && entry.alias === grounds.alias && entry.from === version);
  return promoted === undefined || (takenBack !== undefined && takenBack.sequence > promoted.sequence) ? undefined : promoted;
}

/** What to do in view of the ledger: add an entry, or nothing because this one says it already. */
type Step = { readonly entry: NewEntry } | { readonly done: LedgerEntry };

/** Decides on the present ledger and appends; begins again when another entry came in between, so a stale decision is never written. */
async function appendWhile(model: Model, decide: (entries: readonly LedgerEntry[]) => Step): Promise<LedgerEntry> {
  for (;;) {
    const entries = await model.ledger.read();
    const decided = decide(entries);
    if ('done' in decided) return decided.done;
    const added = await model.ledger.append(entries, decided.entry);
    if (added !== undefined) return added;
  }
}

async function groundsOf(model: Model, alias: string, version: number, decision: string, grounds: Grounds): Promise<Shared> {
  checkAlias(alias);
  checkText('decision', decision);
  checkText('reason', grounds.reason);
  const at = checkTime(grounds.at ?? new Date());
  const versionDigest = digestOfVersion(await readVersion(model.store, model.name, version));
  return { alias, decision, reason: grounds.reason, evidence: grounds.evidence ?? null, ...(grounds.review ? { review: grounds.review } : {}), run: grounds.run ?? null, at, versionDigest };
}

function overtaken(name: string, alias: string, expected: number | undefined, present: AliasState | undefined): PipewrightError {
  const wanted = expected === undefined ? 'nothing yet' : `version ${expected}`;
  if (present === undefined) {
    return new PipewrightError({
      code: 'PW411',
      message: `The alias ${alias} of ${name} points to nothing yet, not to ${wanted}.`,
      fix: expected === undefined ? `Promote a version to ${alias} first.` : 'Promote with "expected" undefined.',
    });
  }
  const { version, since, entry } = present;
  const who = entry.run === null ? '' : ` by the run ${entry.run}`;
  return new PipewrightError({
    code: 'PW411',
    message:
      `The alias ${alias} of ${name} points to version ${version}, not to ${wanted}: ` +
      `entry ${entry.sequence} of the ledger put it there at ${since}${who} ("${entry.reason}").`,
    fix: `Compare with version ${version} and decide again, expecting ${version}.`,
  });
}

function alreadyDone(own: LedgerEntry, present: AliasState): PipewrightError {
  const { model, alias, version, sequence, run } = own;
  return new PipewrightError({
    code: 'PW411',
    message:
      `The run ${run} has promoted version ${version} of ${model} to ${alias} before (entry ${sequence} of the ledger), and ` +
      `entry ${present.entry.sequence} has moved ${alias} to version ${present.version} since ("${present.entry.reason}").`,
    fix: `Leave it so, or promote version ${version} again in a new run.`,
  });
}

function noWayBack(name: string, alias: string, present: number, to: number | undefined, earlier: readonly number[]): PipewrightError {
  const what = to === undefined ? 'has no earlier version' : `cannot go back to version ${to}`;
  const ways = earlier.length === 0 ? `${present} is the first one` : `it can go back to ${[...new Set(earlier)].join(', ')}`;
  return new PipewrightError({
    code: 'PW412',
    message: `The alias ${alias} of ${name} ${what}: ${ways}.`,
    fix: 'Promote the version that you want instead.',
  });
}
