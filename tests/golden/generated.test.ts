import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/*
 * Committed YAML is what the command emits. After a change on purpose: `npm run golden`, then read the difference.
 */
const root = fileURLToPath(new URL('../../', import.meta.url));
const update = process.env['UPDATE_GOLDEN'] === '1';

/** Asks the command itself, as its header tells a reader to do, and gives the file's text with that header. */
async function compile(words: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-golden-'));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['cli/bin.mjs', 'compile', ...words, '--folder', folder], { cwd: root, maxBuffer: 1 << 26 });
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare(path: string, text: string): void {
  const file = join(root, path);
  if (update) {
    expect(process.env['CI'], 'golden files are never written in CI').toBeUndefined();
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file), `${path} is not there; make it with: npm run golden`).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe(text);
}

describe('committed YAML', () => {
  const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.ts'));

  it.each(examples)('of examples/%s is what the command emits', async (name) => {
    compare(`examples/${name.replace(/\.ts$/, '.yaml')}`, await compile([`examples/${name}`]));
  });

  const scheduled = examples.filter((name) => readFileSync(join(root, 'examples', name), 'utf8').includes('schedule: {'));

  it.each(scheduled)('of the schedule of examples/%s is what the command emits', async (name) => {
    compare(`examples/schedules/${name.replace(/\.ts$/, '.yaml')}`, await compile([`examples/${name}`, '--schedule']));
  });

  it('of the shipped pipeline is what npm run compile emits', { timeout: 120_000 }, async () => {
    const words = ['pipeline/pipeline.ts', '--images', 'tagged'];
    const text = await compile(words);
    const said = `pipewright compile ${words.join(' ')}`;
    expect(text).toContain(said);
    // The command writes where it prints the same, so only its own name differs.
    const command = 'pipewright compile pipeline/pipeline.ts --out manifests/generated --images tagged';
    compare('manifests/generated/stock-direction.yaml', text.replace(said, command));
    const schedule = await compile([...words, '--schedule']);
    compare('manifests/generated/schedules/stock-direction.yaml', schedule.replace(`${said} --schedule`, command));
  });

  it('holds no time, no path of a machine and no secret', () => {
    const files = [
      ...examples.map((name) => `examples/${name.replace(/\.ts$/, '.yaml')}`), ...scheduled.map((name) => `examples/schedules/${name.replace(/\.ts$/, '.yaml')}`),
      'manifests/generated/stock-direction.yaml', 'manifests/generated/schedules/stock-direction.yaml',
    ];
    for (const file of files) {
      const text = readFileSync(join(root, file), 'utf8');
      expect(text, file).not.toMatch(/\d{4}-\d{2}-\d{2}T\d{2}:/);
      expect(text, file).not.toContain(root);
      expect(text, file).not.toMatch(/file:\/\/|secretKey:|accessKey:|password/i);
    }
  });
});
