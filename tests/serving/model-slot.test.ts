import { describe, expect, it } from 'vitest';
import { warmUp } from '../../serving/http/warm-up.ts';
import { createFolderSource } from '../../serving/models/folder-source.ts';
import { createModelSlot } from '../../serving/models/model-slot.ts';
import type { ServedModel } from '../../serving/models/served-model.ts';
import type { ModelSource } from '../../serving/models/source.ts';
import { makeModel } from './support/models.ts';
import { writeModel } from './support/stored.ts';

async function sampleSource(seed = 1): Promise<{ readonly source: ModelSource; readonly folder: string; readonly looks: () => number }> {
  const folder = await writeModel(makeModel({ seed }));
  const source = createFolderSource(folder, { name: 'sample' });
  let looks = 0;
  return { source: { ...source, find: () => { looks++; return source.find(); } }, folder, looks: () => looks };
}

/** A promise that is settled from outside. */
function gate(): { readonly passed: Promise<void>; open(): void; shut(reason: Error): void } {
  let open = (): void => {};
  let shut = (_: Error): void => {};
  const passed = new Promise<void>((resolve, reject) => [open, shut] = [resolve, reject]);
  return { passed, open: () => open(), shut: (reason) => shut(reason) };
}

describe('a slot', () => {
  it('holds no model until the first is warm, and the old one until the next is', async () => {
    const { source, folder } = await sampleSource();
    let warm = gate();
    const warming: ServedModel[] = [];
    const slot = createModelSlot('sample', source, (model) => { warming.push(model); return warm.passed; });

    const first = slot.refresh();
    await expect.poll(() => warming.length).toBe(1);
    expect(slot.current).toBeUndefined();
    warm.open();
    expect((await first).kind).toBe('swapped');
    expect(slot.current).toBe(warming[0]);

    await writeModel(makeModel({ seed: 2 }), folder);
    warm = gate();
    const second = slot.refresh();
    await expect.poll(() => warming.length).toBe(2);
    expect(slot.current).toBe(warming[0]);
    warm.open();
    expect(await second).toMatchObject({ kind: 'swapped', previous: { version: warming[0]!.version } });
    expect(slot.current).toBe(warming[1]);
  });

  it('does not take a model that cannot be warmed', async () => {
    const { source } = await sampleSource();
    const slot = createModelSlot('sample', source, () => Promise.reject(new RangeError('too cold')));
    expect(await slot.refresh()).toMatchObject({ kind: 'failed', isNew: true, failure: { reason: 'PW999: too cold' } });
    expect(await slot.refresh()).toMatchObject({ kind: 'failed', isNew: false });
    expect(slot.current).toBeUndefined();
  });

  it('looks one at a time, and everyone who asks meanwhile shares the next look', async () => {
    const { source, looks } = await sampleSource();
    const warm = gate();
    const slot = createModelSlot('sample', source, () => warm.passed);
    const first = slot.refresh();
    const later = [slot.refresh(), slot.refresh(), slot.refresh()];
    expect(new Set(later).size).toBe(1);
    warm.open();
    expect((await first).kind).toBe('swapped');
    expect((await later[2]!).kind).toBe('unchanged');
    expect(looks()).toBe(2);
    await slot.refresh();
    expect(looks()).toBe(3);
  });
});

describe('warming up', () => {
  it('asks the model many times, and lets others have their turn', async () => {
    const { source } = await sampleSource();
    const model = await (await source.find()).load();
    let rows = 0;
    const predictor = { ...model.predictor, predictRows: (...words: Parameters<typeof model.predictor.predictRows>) => { rows += words[1]; return model.predictor.predictRows(...words); } };
    let turns = 0;
    let isOver = false;
    const count = (): void => { turns++; if (!isOver) setImmediate(count); };
    setImmediate(count);
    await warmUp({ ...model, predictor });
    isOver = true;
    expect(rows).toBeGreaterThan(200);
    expect(turns).toBeGreaterThan(20);
  });
});
