import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'minio';
import { mapBounded, openDirectoryStore, putArtifact } from '../../store/index.ts';
import type { Digest } from '../../dsl/util/index.ts';
import type { Cluster } from './cluster.ts';
import type { RanWorkflow } from './read-workflow.ts';

/** What Argo wrote of its artifact repository into a workflow that has run. */
interface Repository {
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKeySecret: { readonly name: string; readonly key: string };
  readonly secretKeySecret: { readonly name: string; readonly key: string };
}

/** Reads artifacts out of Argo's repository, through a port of this machine. */
export class ArtifactReader {
  readonly #client: Client;
  readonly #bucket: string;

  private constructor(client: Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** Where the repository is, and how to get in, is what a workflow of this cluster was told. */
  static async open(cluster: Cluster, { status }: RanWorkflow): Promise<ArtifactReader> {
    const repository = status?.artifactRepositoryRef?.artifactRepository?.s3 as Repository | undefined;
    if (repository === undefined) throw new Error('the workflow was told of no artifact repository that is S3');
    const [host, port = '9000'] = repository.endpoint.split(':');
    const [service, namespace = cluster.namespace] = host!.split('.');
    const secret = async ({ name, key }: Repository['accessKeySecret']): Promise<string> => {
      const { data } = await cluster.core.readNamespacedSecret({ name, namespace: cluster.namespace });
      return Buffer.from(data?.[key] ?? '', 'base64').toString();
    };
    const [accessKey, secretKey] = [await secret(repository.accessKeySecret), await secret(repository.secretKeySecret)];
    const client = new Client({ endPoint: '127.0.0.1', port: await cluster.forward(namespace, service!, Number(port)), useSSL: false, accessKey, secretKey, region: 'us-east-1', pathStyle: true });
    return new ArtifactReader(client, repository.bucket);
  }

  /** The digest that the store gives to the file, or to the folder where the key ends in a slash. */
  async digestOf(key: string): Promise<Digest> {
    const root = await mkdtemp(join(tmpdir(), 'pipewright-parity-'));
    try {
      const path = join(root, 'artifact');
      if (!key.endsWith('/')) await this.#client.fGetObject(this.#bucket, key, path);
      else {
        const names: string[] = [];
        for await (const { name } of this.#client.listObjectsV2(this.#bucket, key, true) as AsyncIterable<{ name?: string }>) if (name !== undefined && !name.endsWith('/')) names.push(name);
        await mapBounded(names, 4, (name) => this.#client.fGetObject(this.#bucket, name, join(path, name.slice(key.length))));
        if (names.length === 0) await mkdir(path);
      }
      return (await putArtifact(await openDirectoryStore(join(root, 'store')), path)).digest;
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  }
}
