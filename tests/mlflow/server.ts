import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VENV } from './surroundings.ts';

/** A real MLflow server with a database and artifacts of its own. */
export class MlflowServer {
  readonly folder: string;
  readonly port: number;
  readonly #auth: boolean;
  #child: ChildProcess | undefined;

  private constructor(folder: string, port: number, auth: boolean) {
    this.folder = folder;
    this.port = port;
    this.#auth = auth;
  }

  static async start({ auth = false } = {}): Promise<MlflowServer> {
    const folder = await mkdtemp(join(tmpdir(), 'pipewright-mlflow-'));
    const server = new MlflowServer(folder, await freePort(), auth);
    if (auth) await writeFile(join(folder, 'auth.ini'), `[mlflow]\ndefault_permission = READ\ndatabase_uri = sqlite:///${join(folder, 'auth.db')}\nadmin_username = admin\nadmin_password = ${PASSWORD}\nauthorization_function = mlflow.server.auth:authenticate_request_basic_auth\n`);
    await server.up();
    return server;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async up(): Promise<void> {
    const log = openSync(join(this.folder, 'server.log'), 'a');
    const words = ['server', '--backend-store-uri', `sqlite:///${join(this.folder, 'mlflow.db')}`, '--artifacts-destination', join(this.folder, 'artifacts'), '--host', '127.0.0.1', '--port', String(this.port), '--workers', '1', ...(this.#auth ? ['--app-name', 'basic-auth'] : [])];
    // A group of its own: the server starts workers, and all of them have to go.
    const child = spawn(join(VENV, 'bin/mlflow'), words, { stdio: ['ignore', log, log], detached: true, cwd: this.folder, env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true', ...(this.#auth ? { MLFLOW_FLASK_SERVER_SECRET_KEY: 'only-for-this-test', MLFLOW_AUTH_CONFIG_PATH: join(this.folder, 'auth.ini') } : {}) } });
    this.#child = child;
    const until = Date.now() + 120_000;
    for (;;) {
      if (await fetch(`${this.address}/health`).then(({ ok }) => ok, () => false)) return;
      if (child.exitCode !== null || Date.now() > until) throw new Error(`the MLflow server does not start: ${readFileSync(join(this.folder, 'server.log'), 'utf8').slice(-2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** As a power failure does it. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('close', resolve));
    process.kill(-child.pid, 'SIGKILL');
    await gone;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Asks the REST API as it is, without the client that is tested. */
  async ask<T = Readonly<Record<string, unknown>>>(path: string, content?: unknown): Promise<T> {
    const authorization = this.#auth ? { authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}` } : {};
    const response = await fetch(`${this.address}/api/2.0/mlflow/${path}`, content === undefined ? { headers: authorization } : { method: 'POST', headers: { ...authorization, 'content-type': 'application/json' }, body: JSON.stringify(content) });
    return (await response.json()) as T;
  }
}

export const PASSWORD = 'long-enough-for-a-test';

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
