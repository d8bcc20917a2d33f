/** Days by rising score. Days that come that way already are not sorted again. */
export function orderByScore(scores: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from({ length: scores.length }, (_, day) => day);
  for (let at = 1; at < order.length; at++) {
    if (scores[at - 1]! > scores[at]!) return order.sort((a, b) => scores[a]! - scores[b]!);
  }
  return order;
}
