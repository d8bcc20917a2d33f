import { randomUUID } from 'node:crypto';
import { Client } from 'minio';
import { GenericContainer, Wait } from 'testcontainers';
import { s3SettingsFromEnvironment, type S3Settings } from '../../store/s3-settings.ts';

/** A real MinIO to test on, and a client that goes around the store. */
export interface Minio {
  /** A prefix of its own, so that tests do not meet and nothing is left behind. */
  readonly settings: S3Settings;
  readonly client: Client;
  readonly stop: () => Promise<void>;
}

/** The last release that MinIO published as an image. */
const IMAGE = 'minio/minio:RELEASE.2025-09-07T16-13-09Z';

export const HOW_TO_ENABLE =
  `start one with "docker run -p 9000:9000 ${IMAGE} server /data", make a bucket, and set S3_ENDPOINT, S3_BUCKET, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`;

/** The server that S3_ENDPOINT names, else one in a container; a text says why there is neither. */
export async function findMinio(): Promise<Minio | string> {
  if (process.env['S3_ENDPOINT']) return withPrefix(s3SettingsFromEnvironment(process.env), async () => undefined);
  try {
    const user = 'tester';
    const password = randomUUID();
    const container = await new GenericContainer(IMAGE)
      .withEnvironment({ MINIO_ROOT_USER: user, MINIO_ROOT_PASSWORD: password })
      .withCommand(['server', '/data'])
      .withExposedPorts(9000)
      .withWaitStrategy(Wait.forHttp('/minio/health/live', 9000))
      // `stop` removes it, so that no further image is needed to tidy up.
      .withAutoCleanup(false)
      .start();
    const address = `http://${container.getHost()}:${container.getMappedPort(9000)}`;
    const environment = { S3_ENDPOINT: address, S3_BUCKET: 'tests', AWS_ACCESS_KEY_ID: user, AWS_SECRET_ACCESS_KEY: password, AWS_REGION: 'us-east-1' };
    const minio = withPrefix(s3SettingsFromEnvironment(environment), async () => void (await container.stop()));
    await minio.client.makeBucket('tests');
    return minio;
  } catch (error) {
    return `S3_ENDPOINT is not set, and no container with MinIO can be started: ${(error as Error).message}`;
  }
}

function withPrefix(found: S3Settings, stopServer: () => Promise<void>): Minio {
  const settings = { ...found, prefix: `test-${randomUUID()}` };
  const { bucket, prefix } = settings;
  const client = rawClient(settings);
  return {
    settings,
    client,
    stop: async () => {
      const names: string[] = [];
      for await (const item of client.listObjectsV2(bucket, prefix, true)) names.push((item as { name: string }).name);
      await client.removeObjects(bucket, names);
      await stopServer();
    },
  };
}

function rawClient({ endPoint, port, useSSL, accessKey, secretKey, region }: S3Settings): Client {
  return new Client({ endPoint, useSSL, accessKey, secretKey, ...(port === undefined ? {} : { port }), ...(region === undefined ? {} : { region }) });
}
