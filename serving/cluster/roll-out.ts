import type { ModelDocument } from '../../model/document/index.ts';
import { openRoute } from './edit-route.ts';
import type { Kubernetes } from './kubernetes.ts';
import type { Served, ServingPlace } from './place.ts';
import { proveThroughGateway } from './prove.ts';
import { notRolledOut, reasonOf } from './refusal.ts';
import { allTo, answering, withPreview, without, type Traffic } from './route.ts';
import { chooseServers } from './servers.ts';
import { removeTrial, tryBeside } from './trial.ts';
import { waitUntilReady } from './wait-until-ready.ts';

/** What a rollout asks the registry, which alone says what should be served. */
export interface Ledger {
  /** Throws what `promote` would throw now: before anything is done, and where a lost race may be behind a failure. */
  demand(): Promise<void>;
  /** Points the alias to the version, if it still points where the decision was made; throws otherwise. Can be repeated. */
  promote(): Promise<void>;
  /** Whether the alias points to the version now. */
  isPromoted(): Promise<boolean>;
  /** Notes that the version gets the requests. */
  finish(): Promise<void>;
  /** Points it back, with the reason. */
  takeBack(reason: string): Promise<void>;
}

export interface RollOutOptions {
  /** Opens the namespace; what it is asked ends with the signal. */
  readonly connect: (signal: AbortSignal) => Kubernetes;
  readonly place: ServingPlace;
  readonly served: Served;
  /** Its golden predictions are asked through the gateway. */
  readonly document: Pick<ModelDocument, 'golden' | 'name'>;
  /** `http://127.0.0.1:8088` */
  readonly gateway: string;
  readonly ledger: Ledger;
  /** Switch as soon as one server answers, as a rollback wants it, unless the load needs more than the least. */
  readonly isUrgent?: boolean;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface RolledOut {
  /** The version that answered before; undefined for none. */
  readonly previous: number | undefined;
  /** Half of the golden requests through the gateway were as fast as this. */
  readonly medianMilliseconds: number;
}

/** For tidying up after a failure; and when the process itself is to end. */
const TIDY_MS = 60_000;
const TIDY_AT_END_MS = 2_500;

/**
 * Brings a version up beside the one that answers, proves it through the gateway, promotes it in the registry, gives it
 * the requests, proves it again and retires what is older. Not a request is lost on the way. If the version answers
 * already, by servers of another image, one of the new ones proves itself beside them before they are exchanged.
 *
 * Whatever fails, what was before answers on, the new objects go, and the ledger is as it was or goes back with the reason.
 * Every action looks at what is there, so that a rollout which was killed anywhere is finished by the next one.
 * Throws PW603 with the cause, PW604, and what the ledger throws.
 */
export async function rollOut(options: RollOutOptions): Promise<RolledOut> {
  const { connect, place, served, document, gateway, ledger, isUrgent = false, log, signal } = options;
  const { model, version } = served;
  await ledger.demand();
  const kubernetes = connect(signal);
  const servers = await chooseServers(kubernetes, model, place);
  const route = openRoute(kubernetes, model, place, servers);
  const [before, present] = [await route.read(), await servers.list()];
  const previous = versionBefore(before, present, version);
  // Autoscaling may have given the one that answers more servers: it takes over no less than that.
  const load = previous === undefined ? 0 : await servers.countOf(previous);
  const enough = Math.min(Math.max(place.replicas.least, load), place.replicas.most);
  const isQuick = isUrgent && enough === place.replicas.least;
  const imageBefore = answering(before).includes(version) ? await servers.imageOf(version) : undefined;
  const isUpgrade = imageBefore !== undefined && imageBefore !== place.image;

  try {
    if (isUpgrade) {
      log(`Version ${version} of ${model} answers by ${imageBefore}: trying ${place.image} beside it.`);
      await tryBeside(kubernetes, served, { place, gateway, document, log, signal });
    } else log(`Bringing up version ${version} of ${model} beside ${previous === undefined ? 'nothing' : `version ${previous}`}.`);
    // One that is only kept answers at once with what it has; more servers come after the switch.
    const isThere = isQuick && present.includes(version);
    if (!isThere) await servers.bring(version, enough);
    await waitUntilReady(kubernetes, served, { deployment: servers.deploymentOf(version), needed: isQuick ? 1 : enough, ...(isThere ? {} : { image: place.image }), absentSeconds: servers.absentSeconds, log, signal });
    await route.edit((traffic) => withPreview(traffic, version));
    const { compared, largestDifference } = await proveThroughGateway(kubernetes, served, { gateway, document, byHeader: true, signal });
    log(`It answers ${compared} golden predictions through the gateway within ${largestDifference.toExponential(1)}.`);
    await ledger.promote();
  } catch (error) {
    await tidy('its objects could not be removed', async (cleaner) => withdraw(cleaner));
    // Who was faster may have removed its servers: then that is the reason.
    if (!signal.aborted) await ledger.demand();
    throw error;
  }

  let medianMilliseconds: number;
  try {
    const isSwitched = await route.edit((traffic) => allTo(traffic, version, previous), () => ledger.isPromoted());
    if (!isSwitched) throw notRolledOut(served, 'another promotion came between its own and its requests', 'Leave it so: what was promoted last is served.');
    ({ medianMilliseconds } = await proveThroughGateway(kubernetes, served, { gateway, document, byHeader: false, signal }));
    await ledger.finish();
    log(`Version ${version} answers all requests${previous === undefined ? '' : `; version ${previous} is kept for the way back`}.`);
  } catch (error) {
    // A rollout that was done before is only seen to here: there is no way back to speak of.
    if (answering(before).includes(version)) {
      await tidy('its servers could not be set back', async (cleaner) => withdraw(cleaner));
      throw error;
    }
    await tidy('the way back failed', async (cleaner) => {
      await openRoute(cleaner, model, place, servers).edit((traffic) => (answering(traffic).includes(version) ? before : traffic), () => ledger.isPromoted());
      await ledger.takeBack(`The rollout failed: ${reasonOf(error)}`);
      await withdraw(cleaner);
    });
    throw error;
  }
  // It answers: what comes now is no reason to go back.
  await retire();
  return { previous, medianMilliseconds };

  /** What is older goes, what answered before stays with as little as it needs. */
  async function retire(): Promise<void> {
    await removeTrial(kubernetes, served);
    await servers.bring(version, place.replicas.least);
    // One that was only kept has one server. Until there are more, nothing may happen to it.
    if (isQuick) await waitForAll().catch((error: unknown) => log(`It answers with fewer servers than it should: ${reasonOf(error)}.`));
    if (previous !== undefined) await servers.keep(previous);
    const newest = Math.max(version, previous ?? 0);
    // A newer one may be on its way up.
    for (const each of await servers.list()) if (each < newest && each !== version && each !== previous) await servers.remove(each);
  }

  async function waitForAll(): Promise<void> {
    await waitUntilReady(kubernetes, served, { deployment: servers.deploymentOf(version), needed: place.replicas.least, log, signal });
  }

  /** Takes the version away, unless it was kept before all this; where it gets requests its servers are as they were. */
  async function withdraw(cleaner: Kubernetes): Promise<void> {
    const own = await chooseServers(cleaner, model, place);
    const itsRoute = openRoute(cleaner, model, place, own);
    await removeTrial(cleaner, served);
    if (answering(await itsRoute.read()).includes(version)) {
      if (isUpgrade && (await own.imageOf(version)) !== imageBefore) await (await chooseServers(cleaner, model, { ...place, image: imageBefore })).bring(version, enough);
      return;
    }
    if (present.includes(version)) {
      await own.keep(version);
      return;
    }
    await itsRoute.edit((traffic) => without(traffic, version));
    await own.remove(version);
  }

  /** Undoes after a failure; what fails in it is said and does not hide the failure. */
  async function tidy(problem: string, work: (cleaner: Kubernetes) => Promise<void>): Promise<void> {
    try {
      await work(connect(AbortSignal.timeout(signal.aborted ? TIDY_AT_END_MS : TIDY_MS)));
    } catch (error) {
      log(`After the failure ${problem}: ${reasonOf(error)}. The next rollout of ${model} mends it.`);
    }
  }
}

/** The version to go back to: the one that answers, or on a repeated rollout the one that is kept. Only one that has servers. */
function versionBefore({ weights }: Traffic, present: readonly number[], version: number): number | undefined {
  const others = [...weights].sort((a, b) => b.weight - a.weight).map((share) => share.version);
  return others.find((each) => each !== version && present.includes(each));
}
