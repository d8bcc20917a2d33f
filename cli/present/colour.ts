import type { Standing } from '../words/status.ts';

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], blue: [34, 39], cyan: [36, 39] } as const;

export type Colour = keyof typeof CODES;

/** Puts a text into a colour, where colours are wanted. */
export type Paint = (colour: Colour, text: string) => string;

/** Colours on a terminal only, and never where NO_COLOR is set (no-color.org); FORCE_COLOR asks for them anywhere. */
export function createPaint(out: { readonly isTTY?: boolean | undefined }, environment: NodeJS.ProcessEnv = process.env): Paint {
  const forced = environment['FORCE_COLOR'];
  const wanted = environment['NO_COLOR'] ? false : forced !== undefined && forced !== '' ? forced !== '0' : out.isTTY === true && environment['TERM'] !== 'dumb';
  if (!wanted) return (_, text) => text;
  return (colour, text) => `\u001b[${CODES[colour][0]}m${text}\u001b[${CODES[colour][1]}m`;
}

const COLOURS: Readonly<Record<Standing, Colour>> = {
  Succeeded: 'green', Failed: 'red', Error: 'red', Skipped: 'dim', Omitted: 'dim', Cancelled: 'yellow', Running: 'blue', Waiting: 'dim', Interrupted: 'yellow',
};

export function colourOf(standing: Standing): Colour {
  return COLOURS[standing];
}
