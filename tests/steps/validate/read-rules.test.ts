import { describe, expect, it } from 'vitest';
import { PipewrightError } from '../../../dsl/errors/index.ts';
import type { Json } from '../../../dsl/util/index.ts';
import { defaultRules } from '../../../model/quality/index.ts';
import { checkRules, parseRules } from '../../../steps/validate/read-rules.ts';

function refused(read: () => unknown): (readonly [string, string, string])[] {
  try {
    read();
  } catch (error) {
    if (error instanceof PipewrightError) return error.issues.map(({ code, message, fix }) => [code, message, fix] as const);
    throw error;
  }
  throw new Error('Nothing was refused.');
}

const HEAD = 'format: pipewright/rules/1\nrules:\n';

describe('a rules document', () => {
  it('holds the built-in rules', () => {
    const written = JSON.parse(JSON.stringify(defaultRules())) as Json;
    expect(checkRules(written)).toEqual(defaultRules());
    expect(parseRules(JSON.stringify(written))).toEqual(defaultRules());
  });

  it('fills in what is left out', () => {
    expect(parseRules(`${HEAD}  - check: freshness  # as of the evening\n  - check: jump\n    maximumReturn: 0.2\n    severity: quarantine\n`)).toEqual({
      format: 'pipewright/rules/1',
      calendar: 'XNYS',
      maximumQuarantinedShare: 0.01,
      rules: [
        { id: 'freshness', check: 'freshness', severity: 'stop', tolerated: 0, delayMinutes: 60 },
        { id: 'jump', check: 'jump', severity: 'quarantine', maximumReturn: 0.2 },
      ],
    });
  });

  it('leaves the value that it was given as it is', () => {
    const given = { format: 'pipewright/rules/1', rules: [{ check: 'stale' }] };
    checkRules(given);
    expect(given).toEqual({ format: 'pipewright/rules/1', rules: [{ check: 'stale' }] });
  });

  it('says of everything that is wrong where it stands and what to do', () => {
    const text = `${HEAD}  - check: nul-share\n  - check: null-share\n    maximumShre: 0.1\n  - check: price-order\n    severity: stopp\n    tolerance: 2\ncalender: XNYS\n`;
    expect(refused(() => parseRules(text))).toEqual([
      ['PW501', 'In the rules document, line 1, the whole has "calender", which is no setting here.', 'Did you mean "calendar"?'],
      ['PW501', 'In the rules document, line 3, /rules/0/check is "nul-share".', expect.stringMatching(/^Did you mean "null-share"\? It must be one of columns, rows, /)],
      ['PW501', 'In the rules document, line 4, /rules/1 has no "maximumShare".', 'Add it. docs/guides/validation.md lists the checks and their settings.'],
      ['PW501', 'In the rules document, line 4, /rules/1 has "maximumShre", which is no setting here.', 'Did you mean "maximumShare"?'],
      ['PW501', 'In the rules document, line 7, /rules/2/severity is "stopp".', 'Did you mean "stop"? It must be one of quarantine, stop and warn.'],
      ['PW501', 'In the rules document, line 8, /rules/2/tolerance is 2: it must be <= 0.1.', 'docs/guides/validation.md lists the checks and their settings.'],
    ]);
  });

  it('refuses a severity that the check cannot have', () => {
    expect(refused(() => checkRules({ format: 'pipewright/rules/1', rules: [{ check: 'gap', moreThan: 0, severity: 'quarantine' }] }))).toEqual([
      ['PW501', 'In the rules document, /rules/0/severity is "quarantine".', 'It must be one of warn and stop.'],
    ]);
  });

  it('refuses contradictions', () => {
    const rules: Json = [
      { check: 'range', columns: { close: { minimum: 10, below: 5 } } },
      { check: 'text', columns: { symbol: { pattern: '[' } } },
      { check: 'stale' },
      { check: 'stale' },
    ];
    expect(refused(() => checkRules({ format: 'pipewright/rules/1', rules })).map(([, message]) => message)).toEqual([
      'In the rules document, /rules/0/columns/close allows no value: it must be at least 10 and at most 5.',
      'In the rules document, /rules/1/columns/symbol/pattern is "[", which is no regular expression.',
      'In the rules document, /rules/3/id is "stale", as is that of rule 2.',
    ]);
  });

  it('refuses rules about columns that cannot hold what they ask for', () => {
    const of = (...rules: Json[]) => refused(() => checkRules({ format: 'pipewright/rules/1', rules })).map(([, message]) => message.replace('In the rules document, ', ''));
    expect(of({ check: 'range', columns: { symbol: { minimum: 1 } } }, { check: 'text', columns: { close: { pattern: '.*' } } })).toEqual([
      '/rules/0/columns/symbol asks for numbers of the column "symbol", whose type is string.',
      '/rules/1/columns/close asks for texts of the column "close", whose type is float64.',
    ]);
    const declared: Json = { check: 'columns', columns: { date: 'date', note: 'string', rate: 'float64', isOpen: 'boolean', symbol: 'int32' } };
    expect(of(declared, { check: 'range', columns: { note: {}, rate: {}, isOpen: {} } })).toEqual([
      '/rules/1/columns/note asks for numbers of the column "note", whose type is string.',
      '/rules/1/columns/isOpen asks for numbers of the column "isOpen", whose type is boolean.',
    ]);
    expect(of(
      { check: 'complete', columns: ['date'] }, { check: 'null-share', columns: ['symbol'], maximumShare: 1 }, { check: 'zero-share', columns: ['date'], maximumShare: 1 },
      { check: 'restated', columns: ['date'] }, { check: 'flat', column: 'date' }, { check: 'drift', features: ['return', 'date'] },
    ).map((message) => message.split(' ')[0])).toEqual(['/rules/0/columns', '/rules/1/columns', '/rules/2/columns', '/rules/3/columns', '/rules/4/column', '/rules/5/features']);
    // What a document declares goes before what is usual, and of other columns nothing is known.
    expect(checkRules({ format: 'pipewright/rules/1', rules: [declared, { check: 'range', columns: { symbol: { minimum: 1 }, other: {} } }, { check: 'text', columns: { date: { pattern: '.*' }, another: { oneOf: ['x'] } } }] }).rules).toHaveLength(3);
  });

  it('refuses an alarm that cannot come', () => {
    expect(refused(() => checkRules({ format: 'pipewright/rules/1', rules: [{ check: 'drift', windows: 1 }] }))).toEqual([
      ['PW501', 'In the rules document, /rules/0/persistence asks for 2 of 1 windows.', 'Give at most as many as there are windows.'],
    ]);
  });

  it.each([
    ['format: [', /line 1/],
    [`${HEAD}  - check: stale\nrules: []\n`, /line \d: Map keys must be unique/],
    ['', /the whole is null: it must be object/],
    ['format: pipewright/rules/2\nrules: [{check: stale}]\n', /\/format is "pipewright\/rules\/2"/],
    [`${HEAD}  - stale\n`, /\/rules\/0 is "stale": it must be object/],
  ])('refuses %j', (text, reason) => {
    const [[code, message]] = refused(() => parseRules(text)) as [readonly [string, string, string]];
    expect(code).toBe('PW501');
    expect(message).toMatch(reason);
  });
});
