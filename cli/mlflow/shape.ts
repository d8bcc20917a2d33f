/**
 * What an answer has at least: a text, a time in ms, a list of one shape, or an object with these members. A member whose
 * name ends in `?` may be missing or null.
 */
export type Shape = 'text' | 'time' | readonly [Shape] | { readonly [member: string]: Shape };

/** The largest time of ECMAScript, in ms. */
const LAST_TIME = 8.64e15;

/** The first place where a value does not have a shape: `run.info.run_id`. Undefined where it has it. */
export function misfitOf(value: unknown, shape: Shape, place = ''): string | undefined {
  if (shape === 'text') return typeof value === 'string' ? undefined : place;
  if (shape === 'time') return typeof value === 'number' && Math.abs(value) <= LAST_TIME ? undefined : place;
  if (isList(shape)) return Array.isArray(value) ? firstOf(value.map((item, index) => () => misfitOf(item, shape[0], `${place}[${index}]`))) : place;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return place;
  return firstOf(Object.entries(shape).map(([name, inner]) => () => {
    const member = name.replace(/\?$/, '');
    const found = (value as Readonly<Record<string, unknown>>)[member] ?? undefined;
    return found === undefined && name !== member ? undefined : misfitOf(found, inner, place === '' ? member : `${place}.${member}`);
  }));
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function firstOf(looks: readonly (() => string | undefined)[]): string | undefined {
  for (const look of looks) {
    const misfit = look();
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}
