import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { CoreV1Api, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { closest, listed } from '../../dsl/util/index.ts';
import { nearbyPath } from '../errors.ts';
import { explainApiError } from './explain-api.ts';

/** Which cluster, and where in it. */
export interface ClusterOptions {
  /** Of the kubeconfig; its current one unless stated. */
  readonly context?: string;
  readonly namespace: string;
}

/** A cluster that is talked to. */
export interface Cluster {
  readonly config: KubeConfig;
  readonly namespace: string;
  /** For messages. */
  readonly context: string;
  readonly core: CoreV1Api;
  readonly custom: CustomObjectsApi;
  /** Carries out a request; what goes wrong is PW310, and says what was tried. */
  ask<T>(what: string, request: () => Promise<T>): Promise<T>;
  /** The same, undefined where there is no such thing. */
  find<T>(what: string, request: () => Promise<T>): Promise<T | undefined>;
}

const IN_POD = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Reads the kubeconfig; talks to nobody yet. PW310 where there is none, or no such context in it. */
export async function connect({ context: wanted, namespace }: ClusterOptions): Promise<Cluster> {
  const { KubeConfig, CoreV1Api, CustomObjectsApi } = await import('@kubernetes/client-node');
  const files = (process.env['KUBECONFIG'] || join(homedir(), '.kube/config')).split(delimiter).filter((file) => file !== '');
  if (!files.some((file) => existsSync(file)) && !existsSync(IN_POD)) {
    throw unusable(`There is no kubeconfig: ${listed(files.map(nearbyPath))} ${files.length === 1 ? 'does' : 'do'} not exist.`, 'Set KUBECONFIG to the file that kubectl uses, or start a cluster with npm run cluster:up.');
  }
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (cause) {
    throw unusable(`The kubeconfig ${listed(files.map(nearbyPath))} cannot be read: ${(cause as Error).message.split('\n')[0]}.`, 'Mend it, or set KUBECONFIG to another one.', cause);
  }
  const names = config.getContexts().map(({ name }) => name);
  if (wanted !== undefined) {
    if (!names.includes(wanted)) {
      const near = closest(wanted, names);
      throw unusable(`The kubeconfig has no context "${wanted}".`, near === undefined ? (names.length === 0 ? 'It has none at all: start a cluster with npm run cluster:up.' : `It has ${listed(names)}.`) : `Did you mean ${near}?`);
    }
    config.setCurrentContext(wanted);
  }
  const server = config.getCurrentCluster()?.server;
  const context = config.getCurrentContext();
  if (server === undefined) throw unusable('The kubeconfig has no current context.', names.length === 0 ? 'Start a cluster with npm run cluster:up.' : `Choose one with --context: ${listed(names)}.`);
  const ask = async <T>(what: string, request: () => Promise<T>): Promise<T> => {
    try {
      return await request();
    } catch (error) {
      throw explainApiError(error, { what, context, server, namespace });
    }
  };
  return {
    config,
    namespace,
    context,
    core: config.makeApiClient(CoreV1Api),
    custom: config.makeApiClient(CustomObjectsApi),
    ask,
    find: (what, request) => ask(what, () => request().catch((error: unknown) => (statusOf(error) === 404 ? undefined : Promise.reject(error as Error)))),
  };
}

/** The HTTP status of an answer that is an error. */
export function statusOf(error: unknown): number | undefined {
  const { code, statusCode } = (error ?? {}) as { readonly code?: unknown; readonly statusCode?: unknown };
  return typeof code === 'number' ? code : typeof statusCode === 'number' ? statusCode : undefined;
}

function unusable(message: string, fix: string, cause?: unknown): PipewrightError {
  return new PipewrightError({ code: 'PW310', message, fix }, { cause });
}
