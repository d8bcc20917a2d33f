import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT } from './support/call.ts';
import { PAGE, tablesOf } from './support/table.ts';

const [rows] = tablesOf('Store in S3');

describe('a row that another test covers', () => {
  it.each(rows!)('$what', ({ test, answer }) => {
    expect(readFileSync(join(PROJECT, test!), 'utf8')).toContain(answer.words);
  });

  it('and every test that the page names is there', () => {
    const named = [...PAGE.matchAll(/`(tests\/[\w/.-]+\.test\.ts)`/g)].map(([, path]) => path!);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((path) => !existsSync(join(PROJECT, path)))).toEqual([]);
  });
});
