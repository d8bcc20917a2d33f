/**
 * Seeded random numbers: xoshiro128** 1.1 (Blackman and Vigna, 2018; public domain), its state filled from one seed by
 * splitmix32. The same seed gives the same numbers on every machine, so every shuffle and bootstrap can be repeated.
 * Not for secrets.
 */
export interface Random {
  /** 32 random bits as a whole number in [0, 2³²). */
  bits(): number;
  /** Uniform in [0, 1), with 53 random bits. */
  uniform(): number;
  /** Uniform whole number in [0, bound). Throws RangeError unless `bound` is a whole number in 1 … 2³². */
  integer(bound: number): number;
  /** Standard normal (mean 0, standard deviation 1). */
  normal(): number;
}

const TWO_TO_32 = 2 ** 32;

/** A generator for `seed`, any whole number that a double holds exactly. Throws RangeError for another seed. */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`A random seed is a whole number; got ${seed}.`);
  const next = splitmix32(seed);
  return fromState([next(), next(), next(), next()]);
}

/** A generator that starts in a given state of four 32-bit words, not all zero. For tests against the published code. */
export function fromState(state: readonly [number, number, number, number]): Random {
  if (state.every((word) => word === 0)) throw new RangeError('The state of xoshiro128** must not be all zero.');
  let [a, b, c, d] = state;

  const bits = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };

  const uniform = (): number => {
    const high = bits() >>> 5;
    const low = bits() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  };

  const integer = (bound: number): number => {
    if (!Number.isInteger(bound) || bound < 1 || bound > TWO_TO_32) {
      throw new RangeError(`A random whole number needs a bound from 1 to 4294967296; got ${bound}.`);
    }
    // Draws from the incomplete last cycle are thrown away; otherwise small results would be a little more likely.
    const fair = TWO_TO_32 - (TWO_TO_32 % bound);
    let drawn = bits();
    while (drawn >= fair) drawn = bits();
    return drawn % bound;
  };

  // Box and Muller (1958). `1 - uniform()` is in (0, 1], so the logarithm is finite.
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

  return { bits, uniform, integer, normal };
}

/** The whole numbers 0 … count − 1 in random order (Fisher and Yates). Throws RangeError for a negative or broken count. */
export function permutation(count: number, random: Random): Uint32Array {
  if (!Number.isInteger(count) || count < 0) throw new RangeError(`A permutation needs a count of 0 or more; got ${count}.`);
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const chosen = random.integer(last + 1);
    const moved = order[last]!;
    order[last] = order[chosen]!;
    order[chosen] = moved;
  }
  return order;
}

function rotateLeft(word: number, count: number): number {
  return (word << count) | (word >>> (32 - count));
}

/** Spreads one seed over many words. Both halves of a seed above 2³² count. */
function splitmix32(seed: number): () => number {
  let word = (seed ^ Math.imul(Math.floor(seed / TWO_TO_32), 0x9e3779b1)) | 0;
  return () => {
    word = (word + 0x9e3779b9) | 0;
    let mixed = word ^ (word >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}
