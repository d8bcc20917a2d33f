import { createRandom, type Random } from '../../model/random.ts';
import type { Candidate } from './candidate.ts';

/** What a setting may be in a search. Plain JSON, so that a run can be given one. */
export type Dimension =
  | { readonly choice: readonly unknown[] }
  /** Any number between the two. */
  | { readonly uniform: readonly [number, number] }
  /** Any number between the two, each factor as likely: for rates and penalties. Both above 0. */
  | { readonly logUniform: readonly [number, number] }
  /** A whole number from the first to the second, both included. */
  | { readonly integer: readonly [number, number] };

/** Settings of a candidate; each is a value, which all have, or a dimension. */
export type Space = { readonly [Setting in keyof Candidate]: Candidate[Setting] | Dimension };

export interface SampleOptions {
  /** Candidates that are wanted, at most 1000. */
  readonly budget: number;
  readonly seed: number;
}

/** A search as a run is given it: the whole grid without a budget, else as many as the budget, drawn by the seed (default 1). */
export interface Search {
  readonly space: Space | readonly Space[];
  readonly budget?: number;
  readonly seed?: number;
}

/** Numbers between, each factor as likely. */
export const logUniform = (from: number, to: number): Dimension => ({ logUniform: [from, to] });
export const uniform = (from: number, to: number): Dimension => ({ uniform: [from, to] });
export const integer = (from: number, to: number): Dimension => ({ integer: [from, to] });
export const choice = (...values: readonly unknown[]): Dimension => ({ choice: values });

/** As many candidates as a search may have: each is trained, and the more are tried, the better the best of them looks by luck. */
const MOST_CANDIDATES = 1_000;

/**
 * Every combination of the choices, the last setting changing fastest: `grid({ architecture: 'logistic', learningRate:
 * choice(0.001, 0.01), l2: choice(0, 0.01) })` are four candidates. An `integer` counts as the choice of all its numbers.
 * Throws RangeError for a dimension without an end or without a value, and for more than 1000 candidates.
 */
export function grid(space: Space): Candidate[] {
  checkSize(countCombinations(space));
  return Object.entries(space).reduce<Record<string, unknown>[]>((candidates, [setting, given]) => {
    const { count, at } = valuesOf(setting, given);
    return candidates.flatMap((candidate) => Array.from({ length: count }, (_, index) => ({ ...candidate, [setting]: at(index) })));
  }, [{}]) as Candidate[];
}

/** How often a candidate is drawn in vain before the space counts as used up. */
const DRAWS_IN_VAIN = 1_000;

/**
 * Candidates drawn at random, all different: with few settings that matter, better than a grid of the same size (Bergstra
 * and Bengio, 2012). The same space, budget and seed give the same list, and a larger budget the same list with more
 * behind it. Of several spaces each is drawn from in turn. Fewer than the budget come out only where the spaces hold no more.
 *
 * Throws RangeError for a budget or a dimension that makes no sense, and for a budget above 1000.
 */
export function sample(space: Space | readonly Space[], { budget, seed }: SampleOptions): Candidate[] {
  if (!Number.isSafeInteger(budget) || budget < 1) throw new RangeError(`The budget of a search is ${budget}; it must be a whole number of 1 or more.`);
  checkSize(budget);
  const spaces = Array.isArray(space) ? (space as readonly Space[]) : [space as Space];
  if (spaces.length === 0) throw new RangeError('A search needs at least one space.');
  const random = createRandom(seed);
  const drawn = new Map<string, Candidate>();
  let inVain = 0;
  for (let turn = 0; drawn.size < budget && inVain < DRAWS_IN_VAIN; turn++) {
    const entries = Object.entries(spaces[turn % spaces.length]!).map(([setting, given]) => [setting, draw(setting, given, random)] as const);
    const candidate = Object.fromEntries(entries) as Candidate;
    const key = JSON.stringify(candidate);
    inVain = drawn.has(key) ? inVain + 1 : 0;
    if (!drawn.has(key)) drawn.set(key, candidate);
  }
  return [...drawn.values()];
}

/** The candidates of a search: at most 1000, of all its spaces together. Throws RangeError as `grid` and `sample`. */
export function candidatesOf({ space, budget, seed = 1 }: Search): Candidate[] {
  if (budget !== undefined) return sample(space, { budget, seed });
  const spaces = Array.isArray(space) ? (space as readonly Space[]) : [space as Space];
  checkSize(spaces.reduce((sum, each) => sum + countCombinations(each), 0));
  return spaces.flatMap(grid);
}

/** Told before a single one is made: a range of whole numbers is quickly written and fills any memory. */
function countCombinations(space: Space): number {
  return Object.entries(space).reduce((product, [setting, given]) => product * valuesOf(setting, given).count, 1);
}

function checkSize(candidates: number): void {
  if (candidates <= MOST_CANDIDATES) return;
  throw new RangeError(`The search has ${candidates} candidates; at most ${MOST_CANDIDATES} can be trained. Give it fewer values, or a budget of at most ${MOST_CANDIDATES}.`);
}

/** Values that a setting can have, without a list of them. */
interface Values {
  readonly count: number;
  readonly at: (index: number) => unknown;
}

function valuesOf(setting: string, given: unknown): Values {
  const dimension = dimensionOf(setting, given);
  if (dimension === undefined) return { count: 1, at: () => given };
  if ('choice' in dimension) return { count: dimension.choice.length, at: (index) => dimension.choice[index] };
  if ('integer' in dimension) return { count: dimension.integer[1] - dimension.integer[0] + 1, at: (index) => dimension.integer[0] + index };
  throw new RangeError(`The setting ${setting} has no end of values; a grid needs a choice. Give the search a budget to draw from it.`);
}

function draw(setting: string, given: unknown, random: Random): unknown {
  const dimension = dimensionOf(setting, given);
  if (dimension === undefined) return given;
  if ('choice' in dimension) return dimension.choice[random.integer(dimension.choice.length)];
  if ('integer' in dimension) return dimension.integer[0] + random.integer(dimension.integer[1] - dimension.integer[0] + 1);
  const at = random.uniform();
  if ('uniform' in dimension) return rounded(dimension.uniform[0] + at * (dimension.uniform[1] - dimension.uniform[0]));
  const [from, to] = dimension.logUniform;
  return rounded(from * (to / from) ** at);
}

/** Four digits tell candidates apart as well as seventeen, and the same on every machine. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

const KINDS = ['choice', 'uniform', 'logUniform', 'integer'] as const;

/** The dimension that is given, checked; undefined for a plain value. */
function dimensionOf(setting: string, given: unknown): Dimension | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  const [kind, ...others] = Object.keys(given);
  const refuse = (what: string): never => {
    throw new RangeError(`The setting ${setting} is ${JSON.stringify(given)}; ${what}.`);
  };
  if (others.length > 0 || !KINDS.some((each) => each === kind)) return refuse(`a dimension is an object with one of ${KINDS.join(', ')}`);
  const values: unknown = (given as Record<string, unknown>)[kind!];
  if (!Array.isArray(values)) return refuse(`${kind} needs a list`);
  if (kind === 'choice') return values.length > 0 ? (given as Dimension) : refuse('a choice needs a value');
  const [from, to] = values as unknown[];
  if (values.length !== 2 || typeof from !== 'number' || typeof to !== 'number' || !(from <= to)) return refuse(`${kind} needs two numbers, the smaller first`);
  if (kind === 'logUniform' && !(from > 0)) return refuse('logUniform needs numbers above 0');
  if (kind === 'integer' && !(Number.isSafeInteger(from) && Number.isSafeInteger(to))) return refuse('integer needs whole numbers');
  return given as Dimension;
}
