import { encodeValue, indexText } from '../contract/index.ts';
import type { ForEach } from '../ir/index.ts';
import type { Json } from '../util/index.ts';
import { fromItem, isHarmless, isPlain, protectItem, protectItemText } from './protect.ts';
import type { LoopItem } from './types.ts';

/*
 * A loop's item is `{ index, value }`: Argo tells an item's number to nobody, and artifacts are filed by it. `value` is
 * the text form, protected. The index has six digits, so that names sort by number.
 */

/** The items of a loop over a list that the author wrote down, or undefined. */
export function literalItems(loop: ForEach): readonly Json[] | undefined {
  return loop.items.kind === 'Literal' && Array.isArray(loop.items.value) ? loop.items.value : undefined;
}

/** Whether the loop may turn out to have no item. */
export function mayBeEmpty(loop: ForEach): boolean {
  return (literalItems(loop)?.length ?? 0) === 0;
}

/** `withItems` of a literal list. Argo ignores an empty one, so it has to be a `withParam`. */
export function withItems(loop: ForEach): readonly LoopItem[] | undefined {
  const items = literalItems(loop);
  if (!items || items.length === 0) return undefined;
  const isPlainLoop = hasPlainItems(loop);
  return items.map((item, index) => {
    const text = encodeValue(loop.itemType, item);
    return { index: indexText(index), value: isPlainLoop ? text : protectItemText(text) };
  });
}

/** The `withParam` expression for a list that is known when the pipeline runs; `list` is an expression that yields it. */
export function withParamExpression(loop: ForEach, list: string): string {
  const { itemType } = loop;
  const text = itemType.kind === 'string' || itemType.kind === 'enum' ? '#' : 'toJson(#)';
  const value = isPlain(itemType) ? text : protectItem(text);
  // The parentheses keep expr from taking the map for the block of a predicate.
  return `toJson(map(${list}, ({"index": string(1000000 + #index)[1:], "value": ${value}})))`;
}

/** Whether the text of every item can stand in a simple tag. */
export function hasPlainItems(loop: ForEach): boolean {
  return isPlain(loop.itemType) || (literalItems(loop)?.every((item) => isHarmless(encodeValue(loop.itemType, item))) ?? false);
}

/** The text of the present item as an expression, protected. */
export function itemText(loop: ForEach): string {
  return hasPlainItems(loop) ? 'item.value' : fromItem('item.value');
}
