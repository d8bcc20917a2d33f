import { PipewrightError } from '../../dsl/errors/index.ts';
import { ATTRIBUTES, Columns, type Blame, type Cell, type Column } from './columns.ts';
import { bindFilter, parseFilter, type Filter } from './filter.ts';
import type { TrackedRun } from './tracked-run.ts';

export interface Query {
  readonly pipeline?: string;
  /** `COLUMN`, `COLUMN:asc` or `COLUMN:desc`. */
  readonly sort?: string;
  readonly filter?: string;
  /** Names of columns, with commas between them. */
  readonly columns?: string;
  readonly limit?: number;
}

export interface Answered {
  readonly columns: readonly Column[];
  readonly runs: readonly TrackedRun[];
  /** How many there were before the limit. */
  readonly found: number;
}

/** What a table shows when nobody says: then come the columns that were asked about. */
const USUAL = ['id', 'pipeline', 'status', 'started', 'seconds'];

/** PW901 for a question that cannot be understood. */
export function answerQuery(all: readonly TrackedRun[], query: Query, showsAll: boolean): Answered {
  const filter = query.filter === undefined ? undefined : parseFilter(query.filter);
  const among = query.pipeline === undefined ? all : all.filter((run) => run.pipeline === query.pipeline);
  const columns = new Columns(among);
  const sort = query.sort === undefined ? undefined : readSort(query.sort, columns);
  const passes = filter === undefined ? () => true : bindFilter(filter, query.filter!, columns);
  const passed = among.filter(passes);
  const sorted = sort === undefined ? passed : [...passed].sort((a, b) => compare(sort.column.valueOf(a), sort.column.valueOf(b), sort.descends));
  const asked = [...(sort === undefined ? [] : [sort.column]), ...(filter === undefined ? [] : namesIn(filter).map((name) => columns.resolve(name, blame('--filter'))))];
  const chosen = query.columns !== undefined ? readColumns(query.columns, columns) : showsAll ? columns.all() : [...ATTRIBUTES.filter(({ name }) => USUAL.includes(name)), ...asked];
  return { columns: [...new Set(chosen)], runs: sorted.slice(0, query.limit), found: sorted.length };
}

const blame = (option: string): Blame => (message, fix) => new PipewrightError({ code: 'PW901', message: `${option}: ${message}`, fix });

/** Numbers and times: the largest and latest first; the rest from A to Z. Runs without the value always come last. */
function readSort(text: string, columns: Columns): { readonly column: Column; readonly descends: boolean } {
  const [, word, direction] = /^(.+?)(?::([^:.]*))?$/s.exec(text)!;
  if (direction !== undefined && direction !== 'asc' && direction !== 'desc') {
    throw new PipewrightError({ code: 'PW901', message: `--sort: "${direction}" is no direction.`, fix: `Write ${word}:asc or ${word}:desc.` });
  }
  const column = columns.resolve(word!, blame('--sort'));
  return { column, descends: direction === undefined ? column.type === 'number' || column.type === 'time' : direction === 'desc' };
}

/** `metrics.*` stands for all metrics. */
function readColumns(text: string, columns: Columns): readonly Column[] {
  return text.split(',').map((word) => word.trim()).flatMap((word) => {
    if (word === '') throw new PipewrightError({ code: 'PW901', message: `--columns "${text}" has an empty name.`, fix: 'Write names with commas between them: id,params.n,metrics.accuracy.' });
    const kind = /^(params|metrics|results)(?:\.\*)?$/.exec(word)?.[1] as Column['kind'] | undefined;
    if (word === '*') return columns.all();
    return kind === undefined ? [columns.resolve(word, blame('--columns'))] : columns.ofKind(kind);
  });
}

function compare(a: Cell, b: Cell, descends: boolean): number {
  const [absentA, absentB] = [a === undefined || a === null, b === undefined || b === null];
  if (absentA || absentB) return Number(absentA) - Number(absentB);
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0;
  return descends ? -order : order;
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}

function namesIn(filter: Filter): readonly string[] {
  switch (filter.kind) {
    case 'And':
    case 'Or':
      return [...namesIn(filter.left), ...namesIn(filter.right)];
    case 'Not':
      return namesIn(filter.filter);
    default:
      return [filter.column.word];
  }
}
