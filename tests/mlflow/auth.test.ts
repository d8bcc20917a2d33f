import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MlflowServer, PASSWORD } from './server.ts';
import { Studio } from './studio.ts';

/* A real server that asks for a name and a password (its own "basic-auth" application). */

let server: MlflowServer;
let studio: Studio;
beforeAll(async () => {
  studio = await Studio.create();
  // Fewer requests: this server takes its time over the password of each.
  await studio.rig.ask('run', 'study.ts', '--param', 'candidates=[{"rate": 0.1}, {"rate": 0.2}]');
  server = await MlflowServer.start({ auth: true });
});
afterAll(async () => {
  await server?.remove();
  await studio?.rig.remove();
});

const REFUSED = (address: string): string => `error PW906\n  The MLflow server ${address} does not let this user in.\n  → Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, to those of a user who may write there.\n`;

describe('a server with a lock', () => {
  it('lets in who has the password, which is printed nowhere', async () => {
    const { code, stdout, stderr } = await studio.export(server.address, [], { MLFLOW_TRACKING_USERNAME: 'admin', MLFLOW_TRACKING_PASSWORD: PASSWORD });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('2 runs below it');
    const { experiment } = await server.ask<{ experiment: { experiment_id: string } }>('experiments/get-by-name?experiment_name=small-study');
    expect((await server.ask<{ runs: unknown[] }>('runs/search', { experiment_ids: [experiment.experiment_id] })).runs).toHaveLength(3);
  });
  it('takes them from the address, too', async () => {
    const { code, stdout } = await studio.export(server.address.replace('//', `//admin:${PASSWORD}@`));
    expect(code).toBe(0);
    expect(stdout).toContain(`is there already: ${server.address}/#/`);
    expect(stdout).not.toContain(PASSWORD);
  });
  it.each([
    ['nobody', {}],
    ['a wrong password', { MLFLOW_TRACKING_USERNAME: 'admin', MLFLOW_TRACKING_PASSWORD: 'hunter2-of-somebody' }],
    ['a token that it does not know', { MLFLOW_TRACKING_TOKEN: 'hunter2-of-somebody' }],
  ])('keeps out %s', async (_who, environment) => {
    const { code, stdout, stderr } = await studio.export(server.address, [], environment);
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: REFUSED(server.address) });
  });
});
