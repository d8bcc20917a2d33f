import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { readSettings } from '../../serving/settings.ts';
import { makeModel } from '../serving/support/models.ts';
import { folderOrigin, start, type TestServer } from '../serving/support/server.ts';
import { writeModel } from '../serving/support/stored.ts';
import { fits, tablesOf } from './support/table.ts';

const [settings, requests] = tablesOf('Server');
const LIMIT = 4096;

let server: TestServer;
let row: string;
beforeAll(async () => {
  const model = makeModel();
  row = JSON.stringify([...model.rows.values.subarray(0, 19)]);
  server = await start(folderOrigin(await writeModel(model)), { bodyLimit: LIMIT });
});
afterAll(() => server.drain('the test is over'));

describe('options of the server', () => {
  it.each(settings!)('$what: $given', ({ given, answer }) => {
    let issues: readonly string[] = [];
    try {
      readSettings(given.split(' ').filter((word) => word !== ''), {});
    } catch (error) {
      issues = (error as PipewrightError).issues.map(({ code, message }) => `${code} ${message}`);
    }
    expect(issues).toContain(`${answer.code} ${answer.words}`);
  });
});

describe('requests', () => {
  it.each(requests!)('$what: $given', async ({ given, exit: status, answer }) => {
    const [, method, path, body] = /^(\S+) (\S+)(?: ([^]*))?$/.exec(given)!;
    const text = body === 'LARGE' ? 'x'.repeat(LIMIT + 1) : body?.replace('ROW', row);
    const got = method === 'POST' ? await server.post(path!, text ?? '') : await server.get(path!, { method: method! });
    const error = String(got.json['error']);
    if (!fits(error, answer.words)) expect(error).toBe(answer.words);
    expect(got.status).toBe(status);
    expect(Object.keys(got.json)).toEqual(['error']);
  });

  it('leave the server well', async () => {
    expect((await server.get('/v2/health/ready')).status).toBe(200);
    expect(server.events.filter(({ event }) => event === 'request-failed')).toEqual([]);
  });
});
