import { PipewrightError } from '../../dsl/errors/index.ts';

interface Asked {
  /** Goes on "could not", such as "create the workflow". */
  readonly what: string;
  readonly context: string;
  readonly server: string;
  readonly namespace: string;
}

/** Codes of Node for a server that does not answer. */
const SILENT = new Set(['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ESOCKETTIMEDOUT', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNABORTED']);

/** Whether the same request may be answered a little later: the API server restarts, or is overrun. */
export function isPassing(error: unknown): boolean {
  const { code, statusCode } = (error ?? {}) as { readonly code?: unknown; readonly statusCode?: unknown };
  if (typeof code === 'string' && SILENT.has(code)) return true;
  const status = typeof code === 'number' ? code : statusCode;
  // A broken stream has no code at all, only words.
  return status === undefined && typeof code !== 'string' ? /premature close|socket hang up|aborted|network|terminated/i.test(messageOf(error)) : typeof status === 'number' && (status === 429 || status >= 500);
}

/** PW310: what was tried, why it failed, and what to do. Never the kubeconfig's own secrets: only what the server said. */
export function explainApiError(error: unknown, { what, context, server, namespace }: Asked): Error {
  if (error instanceof PipewrightError) return error;
  const { code, statusCode } = (error ?? {}) as { readonly code?: unknown; readonly statusCode?: unknown };
  const status = typeof code === 'number' ? code : typeof statusCode === 'number' ? statusCode : undefined;
  const said = saidBy(error);
  const make = (message: string, fix: string): PipewrightError => new PipewrightError({ code: 'PW310', message, fix }, { cause: new Error(said) });
  if (typeof code === 'string') {
    if (SILENT.has(code)) return make(`The cluster "${context}" does not answer at ${server} (${code}), so it could not ${what}.`, 'Start it (npm run cluster:up), or name another one with --context; kubectl get nodes must work.');
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return make(`The address of the cluster "${context}", ${server}, is not known to the name service (${code}).`, 'Correct the server in the kubeconfig, or check the network.');
    if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code)) return make(`The certificate of the cluster "${context}" at ${server} is not trusted (${code}).`, 'The kubeconfig belongs to another cluster, or is older than this one: write it anew, with kind by "kind export kubeconfig".');
  }
  switch (status) {
    case 401:
      return make(`The cluster "${context}" does not know who asks (401), so it could not ${what}.`, 'Log in to the cluster again, or write the kubeconfig anew.');
    case 403:
      return make(`The cluster "${context}" does not allow you to ${what}: ${said}.`, `Ask who runs it for the right, in the namespace ${namespace}; docs/cluster.md lists what submit needs.`);
    case 404:
      if (/could not find the requested resource|page not found/i.test(said)) return make(`The cluster "${context}" does not know Argo's objects: Argo Workflows is not installed (could not ${what}).`, 'Install it: npm run cluster:up, or kubectl apply --server-side -k manifests/cluster.');
      if (/namespaces? .*not found/i.test(said)) return make(`The cluster "${context}" has no namespace "${namespace}", so it could not ${what}.`, 'Install what pipelines need: kubectl apply --server-side -k manifests/cluster. Or name another namespace with --namespace.');
      return make(`The cluster "${context}" could not ${what}: ${said}.`, 'Check the name and the namespace.');
    case 409:
    case 400:
    case 422:
      return make(`The cluster "${context}" refused to ${what}: ${said}.`, 'Look at what it says; kubectl describe shows the present object.');
    default:
      return make(`The cluster "${context}" could not ${what}: ${said}.`, 'Try again; kubectl get --raw /readyz?verbose says how the API server is.');
  }
}

/** The server's own words: `message` of its Status object, else whatever there is, on one line. */
function saidBy(error: unknown): string {
  const { body } = (error ?? {}) as { readonly body?: unknown };
  let parsed: unknown = body;
  if (typeof body === 'string') {
    try {
      parsed = JSON.parse(body);
    } catch {
      parsed = { message: body };
    }
  }
  const { message } = (parsed ?? {}) as { readonly message?: unknown };
  const text = typeof message === 'string' && message.trim() !== '' ? message : messageOf(error);
  return text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, 400);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
