import { PipewrightError } from '../../../dsl/errors/index.ts';
import { closest, listed } from '../../../dsl/util/index.ts';
import { isCalendarDay } from '../../../model/bars.ts';

/** A number that a synthetic market takes: its default and the values that make sense. */
interface Setting {
  readonly fallback: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly isWhole?: true;
}

/** What all markets take. */
const COMMON = {
  days: { fallback: 2500, minimum: 1, maximum: 1_000_000, isWhole: true },
  seed: { fallback: 1, minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, isWhole: true },
  price: { fallback: 100, minimum: 1e-6, maximum: 1e9 },
  /** Standard deviation of the daily log return. */
  volatility: { fallback: 0.01, minimum: 0, maximum: 0.5 },
} as const satisfies Record<string, Setting>;

/** Mean of the daily log return. */
const DRIFT = { fallback: 0, minimum: -0.1, maximum: 0.1 } as const satisfies Setting;

/** What each market takes beside it. */
export const MARKETS = {
  'random-walk': { drift: DRIFT },
  garch: {
    drift: DRIFT,
    /** Share of the last squared shock in today's variance. */
    alpha: { fallback: 0.08, minimum: 0, maximum: 1 },
    /** Share of the last variance in today's. */
    beta: { fallback: 0.9, minimum: 0, maximum: 1 },
  },
  regimes: {
    drift: DRIFT,
    /** Standard deviation and mean of the second regime. */
    otherVolatility: { fallback: 0.025, minimum: 0, maximum: 0.5 },
    otherDrift: DRIFT,
    /** Chance each day to leave the first regime, and the second. */
    leave: { fallback: 0.01, minimum: 0, maximum: 1 },
    otherLeave: { fallback: 0.04, minimum: 0, maximum: 1 },
  },
  signal: {
    /** Chance that a day goes where the day before it went: what a perfect forecast is right in. */
    strength: { fallback: 0.6, minimum: 0, maximum: 1 },
  },
} as const satisfies Record<string, Readonly<Record<string, Setting>>>;

export type MarketKind = keyof typeof MARKETS;

/** A synthetic market, fully said. */
export interface MarketSettings {
  readonly kind: MarketKind;
  /** The first day, `YYYY-MM-DD`. */
  readonly start: string;
  readonly numbers: Readonly<Record<string, number>>;
}

const DEFAULT_START = '2000-01-03';

/** Reads `kind?name=value&…`, the part of a source behind `synthetic:`. PW501 with all that is wrong with it. */
export function parseMarket(text: string): MarketSettings {
  const [name = '', query = ''] = text.split(/\?(.*)/s);
  if (!isKind(name)) {
    const meant = closest(name, Object.keys(MARKETS));
    throw wrong([`there is no synthetic market "${name}"`], meant === undefined ? `There are ${listed(Object.keys(MARKETS))}.` : `Did you mean "${meant}"?`);
  }
  const settings: Readonly<Record<string, Setting>> = { ...COMMON, ...MARKETS[name] };
  const faults: string[] = [];
  const numbers = Object.fromEntries(Object.entries(settings).map(([key, { fallback }]) => [key, fallback]));
  let start = DEFAULT_START;
  const given = new URLSearchParams(query);
  for (const [key, value] of given) {
    const setting = settings[key];
    if (given.getAll(key).length > 1) faults.push(`"${key}" is given twice`);
    else if (key === 'start') {
      if (isCalendarDay(value)) start = value;
      else faults.push(`"start" is "${value}", which is not a day written as YYYY-MM-DD`);
    } else if (setting === undefined) faults.push(`"${key}" is nothing that ${name} takes`);
    else {
      const reason = whyUnfit(setting, value);
      if (reason === undefined) numbers[key] = Number(value);
      else faults.push(`"${key}" is "${value}", which ${reason}`);
    }
  }
  if (name === 'garch' && numbers['alpha']! + numbers['beta']! >= 1) faults.push(`alpha and beta add up to ${numbers['alpha']! + numbers['beta']!}: the variance would have no mean`);
  if (faults.length > 0) throw wrong([...new Set(faults)], `${name} takes start, ${listed(Object.keys(settings))}, as in synthetic:${name}?days=2500&seed=7.`);
  return { kind: name, start, numbers };
}

/** The same market in one way: defaults spelled out, names in order. */
export function describeMarket({ kind, start, numbers }: MarketSettings): string {
  const words = Object.entries({ ...numbers, start }).sort(([a], [b]) => (a < b ? -1 : 1));
  return `synthetic:${kind}?${words.map(([name, value]) => `${name}=${value}`).join('&')}`;
}

function isKind(name: string): name is MarketKind {
  return Object.hasOwn(MARKETS, name);
}

function whyUnfit({ minimum, maximum, isWhole }: Setting, text: string): string | undefined {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return 'is not a number';
  if (isWhole && !Number.isInteger(value)) return 'is not a whole number';
  return value < minimum || value > maximum ? `is not from ${minimum} to ${maximum}` : undefined;
}

function wrong(faults: readonly string[], fix: string): PipewrightError {
  return new PipewrightError({ code: 'PW501', message: `The source is not a synthetic market: ${listed(faults)}.`, fix });
}
