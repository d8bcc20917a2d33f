import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { check, defineContainerStep, pipeline, t } from '../../dsl/index.ts';
import { whyNoCron } from '../../dsl/check/cron.ts';

const say = defineContainerStep({ name: 'say', image: 'alpine:3.22', command: () => ['echo', 'hello'] });

/** Casts past `tsc`, as a JavaScript author or a cast would. */
const loose = (value: unknown): never => value as never;

function messagesOf(schedule: unknown, params = {}): string[] {
  const result = check(pipeline('nightly', { params, schedule: loose(schedule) }, ({ task }) => { task(say, {}); }));
  return result.ok ? [] : result.issues.map(({ code, message }) => `${code} ${message}`);
}

describe('the five fields of cron', () => {
  // Each was given to Argo's own validator (robfig/cron, ParseStandard) and its CRD: tests/rig/argo-lint.test.ts.
  it.each(['* * * * *', '0 6 * * 2-6', '*/15 0-6,18-23/2 1,15 JAN-mar,12 sun,Tue-Fri', '? ? ? ? ?', '59 23 31 12 6', '5/10 * * * *', '  0   6 * * *  ', '0 0 29 2 *', '0 0 31 2 mon', '0 0 31 */2 *'])('takes %j', (cron) => {
    expect(whyNoCron(cron)).toBeUndefined();
  });

  it.each([
    ['', 'has 0 fields and not five'], ['* * * *', 'has 4 fields and not five'], ['0 0 6 * * *', 'has 6 fields and not five'], ['@daily', 'has 1 fields and not five'],
    ['60 * * * *', '"60" as the minute'], ['0 24 * * *', '"24" as the hour'], ['0 0 0 * *', '"0" as the day of the month'], ['0 0 * 13 *', '"13" as the month'], ['0 0 * * 7', '"7" as the day of the week'],
    ['0 0 * * fry', '"fry" as the day of the week'], ['6-2 * * * *', '"6-2" as the minute'], ['*/0 * * * *', '"*/0" as the minute'], ['1//2 * * * *', '"1//2"'], ['1-2-3 * * * *', '"1-2-3"'], ['1, * * * *', '"" as the minute'],
    ['-1 * * * *', '"-1"'], ['1.5 * * * *', '"1.5"'], ['0 0 30 2 *', 'names a day that no month has'], ['0 0 31 4,jun,9-9 *', 'names a day that no month has'],
  ])('refuses %j', (cron, reason) => {
    expect(whyNoCron(cron)).toContain(reason);
  });
});

describe('a schedule', () => {
  it('is data, with what is not said filled in', () => {
    const { schedule } = pipeline('nightly', { params: { n: t.integer() }, schedule: { cron: '0 6 * * 2-6', params: { n: 3 } } }, ({ task }) => { task(say, {}); });
    expect(schedule).toEqual({ cron: '0 6 * * 2-6', timezone: 'UTC', concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 3600, history: { succeeded: 3, failed: 3 }, parameters: { n: 3 } });
    expect(pipeline('by-hand', {}, ({ task }) => { task(say, {}); })).not.toHaveProperty('schedule');
  });

  it.each(['UTC', 'America/New_York', 'Asia/Kolkata', 'Europe/Berlin', 'US/Eastern', 'Etc/GMT+5'])('can be in %s', (timezone) => {
    expect(messagesOf({ cron: '0 6 * * *', timezone })).toEqual([]);
  });

  it.each<[string, unknown, string, object?]>([
    ['fields', { cron: '0 25 * * *' }, 'PW115 The schedule of "nightly": the cron "0 25 * * *" has "25" as the hour, which goes from 0 to 23.'],
    ['no text', { cron: 5 }, 'PW115 The schedule of "nightly": the cron is 5, which is not a text.'],
    ['a zone that does not exist', { cron: '0 6 * * *', timezone: 'Mars/Olympus' }, 'PW115 The schedule of "nightly": the time zone is "Mars/Olympus", which does not exist.'],
    ['a zone in small letters', { cron: '0 6 * * *', timezone: 'europe/berlin' }, 'PW115 The schedule of "nightly": the time zone is "europe/berlin".'],
    ['an offset', { cron: '0 6 * * *', timezone: '+01:00' }, 'PW115 The schedule of "nightly": the time zone is "+01:00", which is not a name.'],
    ['a policy', { cron: '0 6 * * *', concurrencyPolicy: 'forbid' }, 'PW115 The schedule of "nightly": the concurrencyPolicy is "forbid".'],
    ['a deadline', { cron: '0 6 * * *', startingDeadline: '60' }, 'PW115 The schedule of "nightly": the startingDeadline is not a duration.'],
    ['a history', { cron: '0 6 * * *', history: { failed: -1 } }, 'PW115 The schedule of "nightly": the number of failed runs to keep is -1.'],
    ['a parameter that is not there', { cron: '0 6 * * *', params: { many: 1 } }, 'PW115 The schedule of "nightly": it gives the parameter "many", which the pipeline does not have.'],
    ['a value of another type', { cron: '0 6 * * *', params: { n: 'x' } }, 'PW115 The schedule of "nightly": the parameter "n" is "x", which is not an integer.', { n: t.integer() }],
    ['a parameter without a value', { cron: '0 6 * * *' }, 'PW115 The schedule of "nightly": the parameter "n" has no default and no value.', { n: t.integer() }],
  ])('with %s is refused', (_, schedule, message, params = {}) => {
    expect(messagesOf(schedule, params)).toEqual([message]);
  });

  it('is refused at the author\'s line', () => {
    const result = check(pipeline('nightly', { schedule: { cron: 'daily' } }, ({ task }) => { task(say, {}); })); // this very line
    const here = fileURLToPath(import.meta.url);
    const { file, line } = (!result.ok && result.issues[0]!.location) as { file: string; line: number };
    expect(file).toBe(here);
    expect(readFileSync(here, 'utf8').split('\n')[line - 1]).toContain('this very line');
  });

  it('is an object, or said not to be', () => {
    expect(() => messagesOf('0 6 * * *')).toThrow('The option "schedule" is "0 6 * * *", which is not an object.');
  });

  it('leaves the limit of a CronWorkflow to the name of the pipeline: 52 characters', () => {
    const name = 'n'.repeat(53);
    const result = check(pipeline(name, { schedule: { cron: '0 6 * * *' } }, ({ task }) => { task(say, {}); }));
    expect(!result.ok && result.issues.map(({ message }) => message)).toEqual([`The pipeline name "${name}" has 53 characters.`]);
  });
});
