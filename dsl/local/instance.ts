import type { Node, Place } from '../ir/index.ts';

/** `train`; in a loop `train(0)`, in two loops `train(0)(2)`, outermost first. Also the name of its folder. */
export function instanceName(id: string, items: readonly number[]): string {
  return id + items.map((item) => `(${item})`).join('');
}

/** How many loops are around each node: the first so many item numbers name its instance. */
export function loopDepths(places: ReadonlyMap<string, Place>): ReadonlyMap<string, number> {
  return new Map([...places].map(([id, { around }]) => [id, around.filter((group: Node) => group.kind === 'ForEach').length]));
}
