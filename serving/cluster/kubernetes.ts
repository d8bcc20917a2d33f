import { PipewrightError } from '../../dsl/errors/index.ts';
import { messageOf, type Api, type ApiReply, type ApiRequest } from './api.ts';
import { pathOf, type Kind, type Kinds } from './kinds.ts';
import { FIELD_MANAGER } from './labels.ts';

/** The objects of one namespace. Errors are PW604; an object that is not there is undefined. */
export interface Kubernetes {
  readonly namespace: string;
  get<K extends Kind>(kind: K, name: string): Promise<Kinds[K] | undefined>;
  /** Those with all of the labels. */
  list<K extends Kind>(kind: K, labels: Readonly<Record<string, string>>): Promise<readonly Kinds[K][]>;
  /** Server-side apply: fields that others own stay theirs, and what is as it should be is not touched. */
  apply<K extends Kind>(kind: K, object: Kinds[K]): Promise<void>;
  /** Writes an object only if it is as it was read: with `resourceVersion` an update, without it a creation. False when somebody was faster. */
  write<K extends Kind>(kind: K, object: Kinds[K]): Promise<boolean>;
  /** Sets the number of pods; autoscaling may change it later. */
  scale(deployment: string, replicas: number): Promise<void>;
  /** Also when it is not there. */
  remove(kind: Kind, name: string): Promise<void>;
  /** The last lines of a container's log, or of the one before it; empty when there is none. */
  log(pod: string, container: string, options: { readonly previous: boolean; readonly lines: number }): Promise<string>;
  /** Whether the cluster has an API group, such as `serving.kserve.io`. */
  hasGroup(group: string): Promise<boolean>;
}

export function openNamespace(api: Api, namespace: string, signal: AbortSignal): Kubernetes {
  const ask = async (request: ApiRequest, allowed: readonly number[] = []): Promise<ApiReply> => {
    const reply = await api.ask(request, signal);
    if (reply.status < 300 || allowed.includes(reply.status)) return reply;
    throw refused(request, reply);
  };
  const read = async <T>(path: string): Promise<T | undefined> => {
    const reply = await ask({ method: 'GET', path }, [404]);
    return reply.status === 404 ? undefined : (JSON.parse(reply.text) as T);
  };
  const nameOf = (object: { metadata?: { name?: string | undefined } | undefined }): string => object.metadata!.name!;

  return {
    namespace,
    get: (kind, name) => read(pathOf(kind, namespace, name)),
    list: async <K extends Kind>(kind: K, labels: Readonly<Record<string, string>>) => {
      const selector = Object.entries(labels).map(([name, value]) => `${name}=${value}`).join(',');
      return (await read<{ readonly items: readonly Kinds[K][] }>(`${pathOf(kind, namespace)}?labelSelector=${encodeURIComponent(selector)}`))?.items ?? [];
    },
    apply: async (kind, object) => {
      const path = `${pathOf(kind, namespace, nameOf(object))}?fieldManager=${FIELD_MANAGER}&force=true`;
      await ask({ method: 'PATCH', path, body: object, contentType: 'application/apply-patch+yaml' });
    },
    write: async (kind, object) => {
      const isNew = object.metadata?.resourceVersion === undefined;
      const path = `${pathOf(kind, namespace, isNew ? undefined : nameOf(object))}?fieldManager=${FIELD_MANAGER}`;
      const reply = await ask({ method: isNew ? 'POST' : 'PUT', path, body: object }, [404, 409]);
      return reply.status < 300;
    },
    scale: async (deployment, replicas) => {
      // A manager of its own: what is applied does not say the number, so that applying again does not set it back.
      const path = `${pathOf('Deployment', namespace, deployment)}?fieldManager=${FIELD_MANAGER}-scale`;
      await ask({ method: 'PATCH', path, body: { spec: { replicas } }, contentType: 'application/merge-patch+json' });
    },
    remove: async (kind, name) => {
      await ask({ method: 'DELETE', path: `${pathOf(kind, namespace, name)}?propagationPolicy=Background` }, [404]);
    },
    log: async (pod, container, { previous, lines }) => {
      const query = `container=${container}&tailLines=${lines}${previous ? '&previous=true' : ''}`;
      const reply = await ask({ method: 'GET', path: `${pathOf('Pod', namespace, pod)}/log?${query}` }, [400, 404]);
      return reply.status === 200 ? reply.text : '';
    },
    hasGroup: async (group) => (await ask({ method: 'GET', path: `/apis/${group}` }, [403, 404])).status === 200,
  };
}

function refused({ method, path }: ApiRequest, reply: ApiReply): PipewrightError {
  const isRights = reply.status === 401 || reply.status === 403;
  return new PipewrightError({
    code: 'PW604',
    message: `The cluster refuses ${method} ${path.replace(/\?.*$/, '')} with ${reply.status}: ${messageOf(reply)}`,
    fix: isRights
      ? 'Give the service account the rights of manifests/cluster (kubectl apply --server-side -k manifests/cluster), or use a context that has them.'
      : 'See what the message says about the object; kubectl apply --server-side -k manifests/cluster brings what a release needs.',
  });
}
