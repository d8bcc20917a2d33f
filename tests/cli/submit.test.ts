import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIAMOND } from './fixtures.ts';
import { hasStackTrace, Rig } from './rig.ts';

/* What `submit` and `watch` say where no cluster answers; tests/cluster has one. */

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.create({ 'diamond.ts': DIAMOND, 'broken.yaml': 'clusters: [', 'empty.yaml': kubeconfig('https://127.0.0.1:1', []) });
});
afterAll(() => rig.remove());

function kubeconfig(server: string, contexts: readonly string[]): string {
  return JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': contexts[0] ?? '',
    clusters: [{ name: 'far', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'ada', user: { token: 'a-secret-token' } }],
    contexts: contexts.map((name) => ({ name, context: { cluster: 'far', user: 'ada' } })),
  });
}

async function call(config: string, ...words: readonly string[]) {
  const spoken = await rig.start(words, { KUBECONFIG: rig.path(config) }).ended;
  expect(hasStackTrace(spoken.stderr)).toBe(false);
  expect(`${spoken.stdout}${spoken.stderr}`).not.toContain('a-secret-token');
  return spoken;
}

describe('without a cluster', () => {
  it('a kubeconfig that is not there is named', async () => {
    const { code, stderr } = await call('absent.yaml', 'submit', 'diamond.ts');
    expect(code).toBe(1);
    expect(stderr).toContain('error PW310\n  There is no kubeconfig: absent.yaml does not exist.');
  });

  it('so is one that cannot be read, and one without a context', async () => {
    expect((await call('broken.yaml', 'submit', 'diamond.ts')).stderr).toContain('The kubeconfig broken.yaml cannot be read');
    expect((await call('empty.yaml', 'watch', 'some-run')).stderr).toContain('The kubeconfig has no current context.');
  });

  it('a context that is mistyped is corrected', async () => {
    await rig.write('two.yaml', kubeconfig('https://127.0.0.1:1', ['kind-pipewright', 'far-away']));
    expect((await call('two.yaml', 'submit', 'diamond.ts', '--context', 'kind-pipewrite')).stderr).toContain('has no context "kind-pipewrite".\n  → Did you mean kind-pipewright?');
  });

  it('a server that does not answer is named with its address', async () => {
    const port = await freePort();
    await rig.write('closed.yaml', kubeconfig(`https://127.0.0.1:${port}`, ['far']));
    for (const words of [['submit', 'diamond.ts'], ['watch', 'some-run'], ['stop', 'some-run']]) {
      const { code, stderr } = await call('closed.yaml', ...words);
      expect(code).toBe(1);
      expect(stderr).toContain(`The cluster "far" does not answer at https://127.0.0.1:${port} (ECONNREFUSED)`);
    }
  });

  it('mistakes of the pipeline and its parameters come first', async () => {
    const { code, stderr } = await call('absent.yaml', 'submit', 'diamond.ts', '--param', 'n=-1');
    expect([code, stderr.includes('PW307')]).toEqual([2, true]);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => resolve(port));
    });
  });
}
