/** Days by rising score. Days that come that way already are not sorted again. */
export function orderByScore(scores: ArrayLike<number>): Uint32Array {
  const order = new Uint32Array(scores.length);
  for (let day = 0; day < order.length; day++) order[day] = day;
  for (let at = 1; at < order.length; at++) {
    if (scores[at - 1]! > scores[at]!) return order.sort((a, b) => scores[a]! - scores[b]!);
  }
  return order;
}
