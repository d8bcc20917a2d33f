import { mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleOnce } from '../../cli/start/bundle.mjs';
import { Rig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.create({
    'src/main.ts': "import { word } from './word.ts';\nexport const said: string = `${word} from ${import.meta.url}`;\nexport const text = 'import.meta.url';\nexport const later = async (): Promise<string> => (await import('./later.ts')).late;\n",
    'src/word.ts': "export const word: string = 'hello';\n",
    'src/later.ts': "export const late: string = 'late';\n",
  });
});
afterAll(() => rig.remove());

const pack = async (): Promise<string> => bundleOnce(rig.path('src/main.ts'), { folder: rig.path('packed'), isSplit: true });

describe('a packed program', () => {
  it('runs, knows where its source is, and keeps what is loaded later apart', async () => {
    const path = await pack();
    const program = (await import(path)) as { said: string; text: string; later: () => Promise<string> };
    expect(program.said).toBe(`hello from file://${rig.path('src/main.ts')}`);
    expect(program.text).toBe('import.meta.url');
    expect(await program.later()).toBe('late');
    expect(await readFile(path, 'utf8')).not.toContain("'late'");
  });

  it('is packed again when a source changes, not when only its time does', async () => {
    const first = await pack();
    const { mtimeMs } = await stat(first);
    await utimes(rig.path('src/word.ts'), new Date(), new Date());
    expect(await pack()).toBe(first);
    expect((await stat(first)).mtimeMs).toBe(mtimeMs);
    await writeFile(rig.path('src/word.ts'), "export const word: string = 'hallo';\n");
    const second = await pack();
    expect(second).not.toBe(first);
    expect(((await import(second)) as { said: string }).said).toMatch(/^hallo from /);
  });

  it('is packed again when what was kept is damaged', async () => {
    const path = await pack();
    await writeFile(`${path.split('/build-')[0]!}/stamp.json`, '{ "version": 1, "inp');
    expect(await pack()).not.toBe(path);
  });

  it('says which line is wrong', async () => {
    await mkdir(rig.path('wrong'), { recursive: true });
    await writeFile(rig.path('wrong/main.ts'), 'const a = 1;\nconst = 2;\n');
    await expect(bundleOnce(rig.path('wrong/main.ts'), { folder: rig.path('packed') })).rejects.toMatchObject({ errors: [{ location: { line: 2 } }] });
  });
});
