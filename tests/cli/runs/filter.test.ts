import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Columns } from '../../../cli/runs/columns.ts';
import { bindFilter, parseFilter } from '../../../cli/runs/filter.ts';
import { createLike } from '../../../cli/runs/like.ts';
import { answerQuery } from '../../../cli/runs/query.ts';
import type { TrackedRun } from '../../../cli/runs/tracked-run.ts';
import { PipewrightError } from '../../../dsl/errors/index.ts';
import type { Json } from '../../../dsl/util/index.ts';

function runOf(id: string, more: { readonly parameters?: Record<string, Json>; readonly metrics?: Record<string, number>; readonly results?: Record<string, Json>; readonly status?: TrackedRun['status']; readonly startedAt?: string } = {}): TrackedRun {
  return { id, pipeline: 'stocks', status: 'Succeeded', startedAt: '2026-01-31T12:00:00.000Z', seconds: 2, executor: 'process', tasks: 3, cached: 1, parameters: {}, metrics: {}, results: {}, ...more };
}

const RUNS = [
  runOf('a', { parameters: { symbol: 'SPX', horizonDays: 1, candidates: [{ rate: 1 }] }, metrics: { 'evaluate.accuracy': 0.53, 'evaluate.auc-roc': 0.52, 'evaluate.majority.accuracy': 0.55, 'train(0).logLoss': 0.69, 'train(1).logLoss': 0.68 }, results: { 'evaluate.decision': 'keep' } }),
  runOf('b', { parameters: { symbol: 'NDX', horizonDays: 5 }, metrics: { 'evaluate.accuracy': 0.51, 'evaluate.auc-roc': 0.55 }, results: { 'evaluate.decision': 'promote' }, startedAt: '2026-02-01T00:00:00.000Z' }),
  runOf('c', { parameters: { symbol: "O'Hare" }, status: 'Failed', startedAt: '2026-02-02T00:00:00.000Z' }),
];

function idsOf(filter: string): string {
  const passes = bindFilter(parseFilter(filter), filter, new Columns(RUNS));
  return RUNS.filter(passes).map(({ id }) => id).join('');
}

function answerOf(filter: string): string {
  try {
    idsOf(filter);
  } catch (error) {
    if (error instanceof PipewrightError) return `${error.code} ${error.issues[0]!.message.split('\n')[0]!} ${error.issues[0]!.fix}`;
    throw error;
  }
  throw new Error(`"${filter}" is understood`);
}

const { TZ } = process.env;
// A machine whose clock is not UTC.
beforeAll(() => void (process.env['TZ'] = 'America/New_York'));
afterAll(() => void (TZ === undefined ? delete process.env['TZ'] : (process.env['TZ'] = TZ)));

describe('a filter', () => {
  it('is asked where the clock is not UTC', () => expect(new Date('2026-01-31T12:00').getTimezoneOffset()).toBe(300));

  it.each([
    ["metrics.auc > 0.52 and params.horizonDays = 5 and status = 'Succeeded'", 'b'],
    ['metrics.evaluate.auc-roc >= 0.52', 'ab'],
    ['accuracy < .53 or accuracy = 0.53', ''],
    ['accuracy < 0.53 or accuracy = 0.53', 'ab'],
    ['auc > 0.5 and accuracy > 0.52 or status = "failed"', 'ac'],
    ['auc > 0.5 and (accuracy > 0.52 or status = "failed")', 'a'],
    ['not (accuracy > 0.52)', 'b'],
    ['not not accuracy > 0.52', 'a'],
    ["symbol in ('SPX', 'NDX')", 'ab'],
    ["symbol not in ('SPX')", 'bc'],
    ["symbol like '%X'", 'ab'],
    ["symbol like '_DX' or symbol ilike 'spx'", 'ab'],
    ["symbol not like '%X'", 'c'],
    ["symbol = 'O''Hare'", 'c'],
    ['horizonDays is null', 'c'],
    ['horizonDays IS NOT NULL AND auc > 5e-1', 'ab'],
    ['`metrics`.evaluate.`auc-roc` = 0.55', 'b'],
    ['train(0).logLoss > 0.6', 'a'],
    ['metrics."train(1)".logLoss > 0.6', 'a'],
    ["started >= '2026-02-01'", 'bc'],
    ["started = '2026-01-31 12:00'", 'a'],
    ["started = '2026-01-31T12:00:00.000'", 'a'],
    ["started = '2026-01-31 12:00:00 UTC'", 'a'],
    ["started = '2026-01-31T13:00+01:00'", 'a'],
    ["decision != 'keep'", 'b'],
    ["id = 'a' or seconds = -1", 'a'],
    ["candidates like '%\"rate\":1%'", 'a'],
  ])('%s', (filter, ids) => expect(filter === 'accuracy < .53 or accuracy = 0.53' ? answerOf(filter) : idsOf(filter)).toEqual(ids === '' ? expect.stringContaining('where a value') : ids));

  it('answers neither yes nor no about what a run does not have', () => {
    expect([idsOf('auc > 0.1'), idsOf('not auc > 0.1'), idsOf("auc > 0.1 or status = 'Failed'"), idsOf("not (auc > 9 and status = 'Succeeded')"), idsOf("not (auc > 9 or status = 'Running')")]).toEqual(['ab', '', 'abc', 'abc', 'ab']);
  });

  it.each([
    ['', 'PW901 --filter, character 1: the filter ends where a column such as metrics.accuracy is wanted.'],
    ['auc', 'PW901 --filter, character 4: the filter ends where a comparison (=, !=, <, <=, >, >=, like, in, is null) is wanted.'],
    ['auc > ', 'PW901 --filter, character 7: the filter ends where a value'],
    ['auc > 0.5 adn accuracy > 1', 'PW901 --filter, character 11: there is adn where "and" or "or" is wanted. Did you mean "and"?'],
    ['(auc > 0.5', 'PW901 --filter, character 11: the filter ends where ")", "and" or "or" is wanted.'],
    ["symbol = 'SPX", "PW901 --filter, character 10: the quote ' is never closed. Add a ' at the end of the text."],
    ['symbol = SPX', "PW901 --filter, character 10: there is SPX where a value (a number, a text in quotes, true or false) is wanted. Put texts in quotes: 'SPX'."],
    ['auc > 1 && accuracy > 1', 'PW901 --filter, character 9: & means nothing here. Write "and".'],
    ['acuracy > 1', 'PW901 --filter, character 1: no run has a column "acuracy". Did you mean "metrics.evaluate.accuracy"?'],
    ['auc > 1 and horizondys = 1', 'PW901 --filter, character 13: no run has a column "horizondys". Did you mean "params.horizonDays"?'],
    ['logLoss > 1', 'PW901 --filter, character 1: "logLoss" may be any of 2 columns: metrics.train(0).logLoss and metrics.train(1).logLoss.'],
    ["auc > '0.5'", 'PW901 --filter, character 7: "metrics.evaluate.auc-roc" is a number, and "0.5" is none. Write the number without quotes.'],
    ["status = 'Suceeded'", 'PW901 --filter, character 10: "Suceeded" is no status of a run. Did you mean "Succeeded"?'],
    ["horizonDays = '1'", 'PW901 --filter, character 15: no run has a text in "params.horizonDays". Write it without quotes.'],
    ["started > 'yesterday'", 'PW901 --filter, character 11: "yesterday" is no time.'],
    ["started > '2026-01-31 noon'", 'PW901 --filter, character 11: "2026-01-31 noon" is no time. Write it as'],
    ["auc like '5%'", 'PW901 --filter, character 1: "metrics.evaluate.auc-roc" is a number.'],
    ['symbol like 5', 'PW901 --filter, character 13: "5" is no text.'],
    [`${'('.repeat(300)}auc > 1`, 'PW901 --filter, character 201: there are more than 200 parentheses inside each other.'],
  ])('%s: refused, with the place', (filter, answer) => expect(answerOf(filter)).toContain(answer));

  it('compares texts with a pattern as a regular expression would', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'ς', 'Σ', '🙂', '\n', '.', '%', '_'), maxLength: 9 });
    fc.assert(fc.property(letters, letters, fc.boolean(), (pattern, text, ignoresCase) => {
      const source = pattern.replaceAll('.', '\\.').replaceAll('%', '[^]*').replaceAll('_', '[^]');
      expect(createLike(pattern, ignoresCase)(text)).toBe(new RegExp(`^${source}$`, ignoresCase ? 'iu' : 'u').test(text));
    }), { numRuns: 2000 });
  });

  it('takes no longer for a pattern with many %', () => {
    // Tried in every way, these are more than a thousand million.
    expect(createLike(`${'%a'.repeat(7)}%b`, false)('a'.repeat(100))).toBe(false);
    expect(createLike(`${'%a_'.repeat(20)}%b%`, true)('a'.repeat(100_000))).toBe(false);
  });

  it('points at the place below the filter', () => {
    try {
      parseFilter('auc > 0.5 adn x = 1');
      expect.unreachable();
    } catch (error) {
      expect((error as PipewrightError).issues[0]!.message.split('\n').slice(1)).toEqual(['    auc > 0.5 adn x = 1', '              ^']);
    }
  });

  it('is as docs/guides/tracking.md shows', () => {
    const examples = /```\n(metrics\.[^]*?)```/.exec(readFileSync(new URL('../../../docs/guides/tracking.md', import.meta.url), 'utf8'))![1]!.trim().split('\n');
    expect(examples).toHaveLength(3);
    for (const example of examples) expect(parseFilter(example)).toHaveProperty('kind');
  });

  it('reads any text, or refuses it as a mistake of the caller', () => {
    const piece = fc.oneof(fc.constantFrom('auc', 'and', 'or', 'not', '(', ')', '=', '<', '>', 'in', 'like', "'x'", '0.5', ',', '.', 'is', 'null', '`', '"', '-', 'train(0)', '🙂', '\\'), fc.string({ maxLength: 3 }));
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const filter = pieces.join(' ');
      try {
        expect(idsOf(filter)).toMatch(/^a?b?c?$/);
      } catch (error) {
        expect(error).toBeInstanceOf(PipewrightError);
        expect((error as PipewrightError).code).toBe('PW901');
      }
    }), { numRuns: 200 });
  });

  it('agrees with JavaScript about and, or, not', () => {
    const tree: fc.Arbitrary<readonly [string, (n: number) => boolean]> = fc.letrec<{ tree: readonly [string, (n: number) => boolean] }>((tie) => ({
      tree: fc.oneof({ maxDepth: 5 },
        fc.integer({ min: 0, max: 9 }).map((at) => [`n < ${at}`, (n: number) => n < at] as const),
        tie('tree').map(([text, holds]) => [`not (${text})`, (n: number) => !holds(n)] as const),
        fc.tuple(tie('tree'), tie('tree')).map(([[a, x], [b, y]]) => [`(${a} and ${b})`, (n: number) => x(n) && y(n)] as const),
        fc.tuple(tie('tree'), tie('tree')).map(([[a, x], [b, y]]) => [`(${a} or ${b})`, (n: number) => x(n) || y(n)] as const)),
    })).tree;
    const runs = Array.from({ length: 10 }, (_, n) => runOf(String(n), { parameters: { n } }));
    fc.assert(fc.property(tree, ([filter, holds]) => {
      expect(runs.filter(bindFilter(parseFilter(filter), filter, new Columns(runs))).map(({ id }) => Number(id))).toEqual(Array.from({ length: 10 }, (_, n) => n).filter(holds));
    }), { numRuns: 60 });
  });
});

describe('a query', () => {
  it('sorts numbers from the largest, texts from A, and leaves what has no value for the end', () => {
    const order = (sort: string): string => answerQuery(RUNS, { sort }, false).runs.map(({ id }) => id).join('');
    expect([order('accuracy'), order('accuracy:asc'), order('symbol'), order('started'), order('metrics.evaluate.majority.accuracy:asc')]).toEqual(['abc', 'bac', 'bca', 'cba', 'abc']);
  });
  it('shows the columns that were asked about, or those that are named', () => {
    const names = (query: Parameters<typeof answerQuery>[1]): readonly string[] => answerQuery(RUNS, query, false).columns.map(({ name }) => name);
    expect(names({ sort: 'auc', filter: 'horizonDays = 1' })).toEqual(['id', 'pipeline', 'status', 'started', 'seconds', 'metrics.evaluate.auc-roc', 'params.horizonDays']);
    expect(names({ columns: 'id, params.*,decision' })).toEqual(['id', 'params.symbol', 'params.horizonDays', 'params.candidates', 'results.evaluate.decision']);
  });
  it.each([[{ sort: 'auc:down' }, '--sort: "down" is no direction.'], [{ sort: 'au\nc\u001b[2J:asc' }, '--sort: No run has a column "au c".'], [{ columns: 'id,,auc' }, '--columns "id,,auc" has an empty name.'], [{ columns: 'nope' }, '--columns: No run has a column "nope".']])('%o is refused', (query, message) => {
    expect(() => answerQuery(RUNS, query, false)).toThrow(message);
  });
});
