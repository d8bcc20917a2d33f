import { execFile, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../serving/http/routes.ts';
import { HELP } from '../../serving/settings.ts';
import { makeFolder } from './support/folders.ts';
import { makeModel, SAMPLE_BARS } from './support/models.ts';
import { folderOrigin, start, type TestServer } from './support/server.ts';
import { writeModel } from './support/stored.ts';

const text = await readFile(new URL('../../docs/serving.md', import.meta.url), 'utf8');
const hasCurl = spawnSync('curl', ['--version']).status === 0;

let server: TestServer;
beforeAll(async () => {
  server = await start(folderOrigin(await writeModel(makeModel())));
});
afterAll(() => server.drain('the test is over'));

const sorted = (words: Iterable<string>): string[] => [...new Set(words)].sort();

describe('docs/serving.md', () => {
  it('lists every endpoint, and no other', () => {
    const listed = [...text.matchAll(/^\| `(GET|POST) (\/[^`]*)` \|/gm)].map((match) => `${match[1]} ${match[2]}`);
    expect(sorted(listed)).toEqual(sorted(ROUTES.map(({ method, template }) => `${method} ${template}`)));
  });

  it('lists every setting with its variable, and no other', () => {
    const inHelp = [...HELP.matchAll(/^ {2}(--[a-z-]+) [A-Za-z|]+\n.*\[(PIPEWRIGHT_SERVING_\w+)\]$/gm)].map((match) => `${match[1]} ${match[2]}`);
    const listed = [...text.matchAll(/^\| `(--[a-z-]+) [^`]+` \| `(PIPEWRIGHT_SERVING_\w+)` \|/gm)].map((match) => `${match[1]} ${match[2]}`);
    expect(inHelp.length).toBeGreaterThan(10);
    expect(sorted(listed)).toEqual(sorted(inHelp));
  });

  it('lists every metric with its labels, and no other', async () => {
    const { text: scrape } = await server.get('/metrics');
    const names = [...scrape.matchAll(/^# TYPE ((?:pipewright|http)_\w+)/gm)].map((match) => match[1]!);
    const listed = [...text.matchAll(/^\| `((?:pipewright|http)_\w+)` \|/gm)].map((match) => match[1]!);
    expect(sorted(listed)).toEqual(sorted(names));
  });

  it.runIf(hasCurl)('has requests that work as they stand, and answer what is printed', async () => {
    const examples = [...text.matchAll(/```sh\n(curl [\s\S]*?)\n```\n\n```json\n(.*)\n```/g)].map((match) => ({ command: match[1]!, answer: JSON.parse(match[2]!) as unknown }));
    expect(examples).toHaveLength(3);
    const folder = await makeFolder('docs');
    const { date, open, high, low, close, volume } = SAMPLE_BARS;
    const bars = date.map((day, at) => ({ date: day, open: open[at], high: high[at], low: low[at], close: close[at], volume: volume[at] }));
    await writeFile(join(folder, 'bars.json'), JSON.stringify({ instances: [{ bars }] }));
    for (const { command, answer } of examples) {
      const { stdout } = await promisify(execFile)('sh', ['-c', command.replace('http://127.0.0.1:8080', server.url)], { cwd: folder });
      expect(rounded(JSON.parse(stdout))).toEqual(rounded(answer));
    }
    const few = await server.post('/v1/models/stock-direction:predict', { instances: [{ bars: bars.slice(0, 10) }] });
    expect(text).toContain(few.text);
  });
});

/** Node's versions may differ in the last digit of an exponential. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'number' ? Number(inner.toFixed(9)) : inner)));
}
