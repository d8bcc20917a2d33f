import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { secretOf } from './kubectl.ts';
import { PROJECT } from './surroundings.ts';

/** A block of commands in docs/cluster.md. `kind`: what stands behind the language, such as `destroys`. */
interface Block { readonly title: string; readonly kind: string; readonly text: string }

function readBlocks(): readonly Block[] {
  const blocks: Block[] = [];
  let heading = '';
  const page = readFileSync(join(PROJECT, 'docs/cluster.md'), 'utf8');
  for (const [, title, kind, text] of page.matchAll(/^#{2,} (.*)$|^```sh ?(.*)\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    else blocks.push({ title: `${heading}: ${text!.split('\n')[0]}`, kind: kind!, text: text! });
  }
  return blocks;
}

const blocks = readBlocks();

function bash(text: string): { readonly status: number | null; readonly text: string; readonly output: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', text], { cwd: PROJECT, encoding: 'utf8' });
  return { status, text: `${stdout}${stderr}`, output: stdout };
}

describe('docs/cluster.md', () => {
  it('has commands under each heading that tells to do something', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(12);
    expect(blocks.every(({ kind }) => ['', 'changes', 'destroys'].includes(kind))).toBe(true);
  });

  it.each(blocks.filter(({ kind }) => kind === ''))('$title', ({ text }) => {
    expect(bash(text)).toMatchObject({ status: 0 });
  });

  it('has with the README the request that the served model answers', () => {
    const readme = readFileSync(join(PROJECT, 'README.md'), 'utf8');
    const [request] = [...readme.matchAll(/^```sh\n(curl -s localhost:8088[\s\S]*?)^```$/gm)].map(([, text]) => text!);
    const { status, output } = bash(request!);
    expect(status).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ model_name: 'stock-direction', outputs: expect.arrayContaining([expect.objectContaining({ name: 'probability', data: [expect.closeTo(0.5, 0)] })]) });
  });

  it('makes by plain commands the same Secrets as cluster up does', () => {
    const { text } = blocks.find((block) => block.text.includes('minio-root'))!;
    // What is there is left alone, so the commands are only asked what they would make.
    const { output } = bash(text.replace(/^ *kubectl get secret .*\n/m, '').replace('kubectl create secret generic', 'kubectl create secret generic --dry-run=client --output=jsonpath=\'{.metadata.namespace} {.metadata.name} {.data}{"\\n"}\''));
    const made = output.trim().split('\n').map((line) => {
      const [, namespace, name, data] = /^(\S+) (\S+) (.*)$/.exec(line)!;
      return { namespace: namespace!, name: name!, data: Object.fromEntries(Object.entries(JSON.parse(data!) as Record<string, string>).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()])) };
    });
    expect(made).toHaveLength(9);
    const isKey = (name: string): boolean => /^(secretKey|AWS_SECRET_ACCESS_KEY)$/.test(name);
    const withoutKeys = (data: Readonly<Record<string, string>>): unknown => Object.fromEntries(Object.entries(data).map(([name, value]) => [name, isKey(name) ? `${value.length} characters` : value]));
    for (const { namespace, name, data } of made) expect(withoutKeys(data), name).toEqual(withoutKeys(secretOf(namespace, name)));
    // Five keys: those of the four users are in two Secrets each.
    expect(new Set(made.flatMap(({ data }) => Object.entries(data).filter(([name]) => isKey(name)).map(([, value]) => value))).size).toBe(5);
  });

  it.each(blocks.filter(({ kind }) => kind === 'changes'))('$title', ({ text }) => {
    const before = secretOf('pipewright', 'argo-artifacts')['secretKey'];
    expect(bash(text)).toMatchObject({ status: 0 });
    const after = secretOf('pipewright', 'argo-artifacts')['secretKey'];
    expect(after).not.toBe(before);
    expect(after).toBe(secretOf('minio', 'minio-user-argo-artifacts')['secretKey']);
  });

  // The cluster is taken down at the end of all tests, by `cluster:down` (setup.ts); here they are only tried.
  it.each(blocks.filter(({ kind, text }) => kind === 'destroys' && text.includes('kubectl')))('$title', ({ text }) => {
    expect(bash(text.replaceAll(/^kubectl.* delete .*$/gm, '$& --dry-run=server'))).toMatchObject({ status: 0 });
  });
});
