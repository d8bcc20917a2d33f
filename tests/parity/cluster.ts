import { createServer, type AddressInfo, type Server } from 'node:net';
import { CoreV1Api, CustomObjectsApi, KubeConfig, PortForward } from '@kubernetes/client-node';
import type { CronWorkflow, Workflow, WorkflowTemplate } from '../../dsl/argo/index.ts';
import type { RanWorkflow } from './read-workflow.ts';

const GROUP = { group: 'argoproj.io', version: 'v1alpha1' } as const;
const PLURALS = { Workflow: 'workflows', WorkflowTemplate: 'workflowtemplates', CronWorkflow: 'cronworkflows' } as const;

type ArgoObject = Workflow | WorkflowTemplate | CronWorkflow;
type Kind = keyof typeof PLURALS;

/** Argo's objects in one namespace of the cluster that KUBECONFIG names. All that it makes has a label of its own. */
export class Cluster {
  readonly namespace: string;
  readonly core: CoreV1Api;
  readonly #config = new KubeConfig();
  readonly #custom: CustomObjectsApi;
  readonly #label: string;
  readonly #forwards: Server[] = [];

  constructor(namespace: string, label: string) {
    this.namespace = namespace;
    this.#label = label;
    this.#config.loadFromDefault();
    this.core = this.#config.makeApiClient(CoreV1Api);
    this.#custom = this.#config.makeApiClient(CustomObjectsApi);
  }

  /** Creates it and gives it back as the server has it. */
  async create<T = unknown>(object: ArgoObject): Promise<T> {
    const body = { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, 'pipewright-parity': this.#label } } };
    return (await this.#custom.createNamespacedCustomObject({ ...GROUP, namespace: this.namespace, plural: PLURALS[object.kind], body })) as T;
  }

  /** All of its own, or those with other labels. */
  async list<T>(kind: Kind, labelSelector = `pipewright-parity=${this.#label}`): Promise<readonly T[]> {
    const { items } = (await this.#custom.listNamespacedCustomObject({ ...GROUP, namespace: this.namespace, plural: PLURALS[kind], labelSelector })) as { items: T[] };
    return items;
  }

  async read(name: string): Promise<RanWorkflow> {
    return (await this.#custom.getNamespacedCustomObject({ ...GROUP, namespace: this.namespace, plural: PLURALS.Workflow, name })) as RanWorkflow;
  }

  /** Makes a Service answer on a port of this machine, and gives the port. */
  async forward(namespace: string, service: string, port: number): Promise<number> {
    const { spec } = await this.core.readNamespacedService({ name: service, namespace });
    const labelSelector = Object.entries(spec?.selector ?? {}).map(([key, value]) => `${key}=${value}`).join(',');
    const { items } = await this.core.listNamespacedPod({ namespace, labelSelector });
    const pod = items.find(({ status }) => status?.phase === 'Running')?.metadata?.name;
    if (pod === undefined) throw new Error(`no pod of the Service ${service} runs in the namespace ${namespace}`);
    const target = spec?.ports?.find((each) => each.port === port)?.targetPort;
    const forward = new PortForward(this.#config);
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      forward.portForward(namespace, pod, [typeof target === 'number' ? target : port], socket, null, socket).catch(() => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#forwards.push(server);
    return (server.address() as AddressInfo).port;
  }

  /** Takes away all that it made, or only lets go of it. */
  async clear(keeps = false): Promise<void> {
    for (const server of this.#forwards) server.close();
    if (keeps) return;
    for (const kind of ['CronWorkflow', 'Workflow', 'WorkflowTemplate'] as const) {
      await this.#custom.deleteCollectionNamespacedCustomObject({ ...GROUP, namespace: this.namespace, plural: PLURALS[kind], labelSelector: `pipewright-parity=${this.#label}`, propagationPolicy: 'Background' });
    }
  }
}
