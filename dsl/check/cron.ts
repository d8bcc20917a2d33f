/*
 * The five fields of cron as Argo's controller reads them (github.com/robfig/cron v3, ParseStandard): lists of `*`, `?`,
 * numbers and ranges, each with a step if need be; months and days of the week also by their English names. Sunday is 0,
 * and 7 is nothing.
 */

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names for the numbers from `least` on. */
  readonly words?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of the month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, words: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { name: 'day of the week', least: 0, most: 6, words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

/** What is wrong with the fields, completing the sentence "the cron …", or undefined when Argo will understand them. */
export function whyNoCron(cron: string): string | undefined {
  const texts = cron.trim().split(/\s+/);
  if (texts.length !== FIELDS.length || texts[0] === '') return `${JSON.stringify(cron)} has ${texts[0] === '' ? 0 : texts.length} fields and not five`;
  for (const [index, field] of FIELDS.entries()) {
    for (const part of texts[index]!.split(',')) {
      if (!isPart(part, field)) return `${JSON.stringify(cron)} has ${JSON.stringify(part)} as the ${field.name}, which goes from ${field.least} to ${field.most}`;
    }
  }
  return neverComes(texts) ? `${JSON.stringify(cron)} names a day that no month has` : undefined;
}

function isPart(text: string, field: Field): boolean {
  const [range = '', step, ...more] = text.split('/');
  if (more.length > 0 || (step !== undefined && !/^0*[1-9]\d*$/.test(step))) return false;
  if (range === '*' || range === '?') return true;
  const [first, last = first, ...others] = range.split('-').map((word) => numberOf(word, field));
  return others.length === 0 && first !== undefined && last !== undefined && first >= field.least && last <= field.most && first <= last;
}

function numberOf(word: string, { least, words }: Field): number | undefined {
  const named = words?.indexOf(word.toLowerCase()) ?? -1;
  if (named >= 0) return least + named;
  return /^\d+$/.test(word) ? Number(word) : undefined;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether all days are beyond the ends of all months. A day of the week beside them is another way to come about. */
function neverComes([, , days = '*', months = '*', weekdays = '*']: readonly string[]): boolean {
  if (!/^[*?]$/.test(weekdays) || /[*?]/.test(days) || /[*?/]/.test(months)) return false;
  const first = Math.min(...days.split(',').map((part) => Number.parseInt(part, 10)));
  const named = months.split(',').flatMap((part) => {
    const [from, to = from] = part.split('-').map((word) => numberOf(word, FIELDS[3]!)!);
    return Array.from({ length: to! - from! + 1 }, (_, index) => from! + index);
  });
  return named.every((month) => first > DAYS[month - 1]!);
}
