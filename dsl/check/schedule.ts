import { checkValue } from '../contract/index.ts';
import type { Issue } from '../errors/index.ts';
import { closest } from '../util/index.ts';
import { whyNoCron } from './cron.ts';
import type { Rule } from './rule.ts';

const POLICIES: readonly unknown[] = ['Forbid', 'Allow', 'Replace'];

/** A cluster can keep the schedule, and a run that it starts has all that it needs. Its name is a pipeline's: see names.ts. */
export const schedule: Rule = function* ({ pipeline }) {
  const { schedule: found, location } = pipeline;
  if (found === undefined) return;
  const wrong = (message: string, fix: string): Issue => ({ code: 'PW115', message: `The schedule of "${pipeline.name}": ${message}.`, fix, location });
  const cron = typeof found.cron === 'string' ? whyNoCron(found.cron) : `is ${JSON.stringify(found.cron)}, which is not a text`;
  if (cron !== undefined) yield wrong(`the cron ${cron}`, "Write minute, hour, day of the month, month and day of the week: '0 6 * * 1-5' is six in the morning from Monday to Friday.");
  const zone = whyNoTimeZone(found.timezone);
  if (zone !== undefined) yield wrong(`the time zone ${zone.reason}`, zone.fix);
  if (!POLICIES.includes(found.concurrencyPolicy)) yield wrong(`the concurrencyPolicy is ${JSON.stringify(found.concurrencyPolicy)}`, "Write 'Forbid', 'Allow' or 'Replace'.");
  if (!(Number.isFinite(found.startingDeadlineSeconds) && found.startingDeadlineSeconds > 0)) yield wrong('the startingDeadline is not a duration', "Write a number and a unit: '15m', '2h'.");
  for (const [which, count] of Object.entries(found.history)) {
    if (!Number.isSafeInteger(count) || count < 0) yield wrong(`the number of ${which} runs to keep is ${JSON.stringify(count)}`, 'Use a whole number from 0.');
  }
  for (const [name, value] of Object.entries(found.parameters)) {
    const declaration = Object.hasOwn(pipeline.parameters, name) ? pipeline.parameters[name] : undefined;
    const near = closest(name, Object.keys(pipeline.parameters));
    if (declaration === undefined) yield wrong(`it gives the parameter "${name}", which the pipeline does not have`, near === undefined ? 'Take it out, or declare it in params.' : `Did you mean "${near}"?`);
    else {
      const reason = checkValue(declaration.type, value);
      if (reason !== undefined) yield wrong(`the parameter "${name}" ${reason}`, 'Change the value or the type.');
    }
  }
  for (const [name, { default: fallback }] of Object.entries(pipeline.parameters)) {
    if (fallback === undefined && !Object.hasOwn(found.parameters, name)) yield wrong(`the parameter "${name}" has no default and no value`, `Nobody is there to give it: write schedule: { …, params: { ${name}: … } }, or give it a default.`);
  }
};

/** Argo looks the name up in the IANA database, to the letter; JavaScript knows the same names, and minds no capitals. */
function whyNoTimeZone(name: unknown): { readonly reason: string; readonly fix: string } | undefined {
  const fix = "Write a name of the IANA database: 'UTC', 'America/New_York', 'Europe/Berlin'.";
  if (typeof name !== 'string' || !/^[A-Za-z]/.test(name)) return { reason: `is ${JSON.stringify(name)}, which is not a name`, fix };
  let known: string;
  try {
    known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return { reason: `is "${name}", which does not exist`, fix };
  }
  if (known === name || known.toLowerCase() !== name.toLowerCase()) return undefined;
  return { reason: `is "${name}"`, fix: `Write "${known}".` };
}
