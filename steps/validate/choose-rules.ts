import { readFile } from 'node:fs/promises';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { listed, type Json } from '../../dsl/util/index.ts';
import { DEFAULT_LIMITS, defaultRules, type DefaultLimits, type RulesDocument } from '../../model/quality/index.ts';

/**
 * The rules of a run: those in the file, those in the parameter, or the built-in ones with the limits. PW501 when more
 * than one of them is meant: a limit that has no effect would be believed.
 */
export async function chooseRules(limits: DefaultLimits, given: Json, file: string | undefined): Promise<RulesDocument> {
  if (given === null && file === undefined) return defaultRules(limits);
  if (given !== null && file !== undefined) {
    throw new PipewrightError({ code: 'PW501', message: 'There are rules in the parameter "rules" and in the input "rulesFile".', fix: 'Give one of the two.' });
  }
  const changed = (Object.keys(DEFAULT_LIMITS) as (keyof DefaultLimits)[]).filter((name) => limits[name] !== DEFAULT_LIMITS[name]);
  if (changed.length > 0) {
    throw new PipewrightError({
      code: 'PW501',
      message: `A rules document is given, and so ${changed.length === 1 ? 'is' : 'are'} ${listed(changed)}, which belong${changed.length === 1 ? 's' : ''} to the built-in rules.`,
      fix: 'Set the limit in the rules document, and leave the parameter out.',
    });
  }
  // The parsers are loaded by those who bring rules of their own.
  const { checkRules, parseRules } = await import('./read-rules.ts');
  return file === undefined ? checkRules(given) : parseRules(await readFile(file, 'utf8'));
}
