/** 0.5312 as "53.1 %". */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A round share such as a confidence: 0.95 as "95 %". */
export function roundPercent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}

/** A log-loss in nats with four decimals. */
export function nats(value: number): string {
  return value.toFixed(4);
}

/** A difference in log-loss in words: "0.0012 nats a day above" or "… below". */
export function aboveOrBelow(difference: number): string {
  return `${nats(Math.abs(difference))} nats a day ${difference < 0 ? 'below' : 'above'}`;
}

/** A probability of chance: "p = 0.031", or "p < 0.001". */
export function chance(probability: number): string {
  return probability < 0.001 ? 'p < 0.001' : `p = ${probability.toFixed(3)}`;
}
