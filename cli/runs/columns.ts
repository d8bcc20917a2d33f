import { PipewrightError } from '../../dsl/errors/index.ts';
import { closest, listed, type Json } from '../../dsl/util/index.ts';
import { oneLine } from '../present/text.ts';
import type { TrackedRun } from './tracked-run.ts';

/** A value in a table of runs; undefined where a run has none. */
export type Cell = Json | undefined;

export interface Column {
  /** In full: `status`, `params.horizonDays`, `metrics.evaluate.auc-roc`. */
  readonly name: string;
  readonly kind: 'attribute' | 'params' | 'metrics' | 'results';
  /** How values compare: `time` by the calendar, `status` by its words, `any` each by its own type. */
  readonly type: 'text' | 'number' | 'time' | 'status' | 'any';
  /** Of an `any` column: the types that its values have, as `typeof` says; objects and lists are the texts of their JSON. */
  readonly types?: ReadonlySet<string>;
  valueOf(run: TrackedRun): Cell;
}

export const STATUSES: readonly TrackedRun['status'][] = ['Succeeded', 'Failed', 'Error', 'Cancelled', 'Running', 'Interrupted'];

const attribute = (name: string, type: Column['type'], valueOf: (run: TrackedRun) => Cell): Column => ({ name, kind: 'attribute', type, valueOf });

export const ATTRIBUTES: readonly Column[] = [
  attribute('id', 'text', (run) => run.id),
  attribute('pipeline', 'text', (run) => run.pipeline),
  attribute('status', 'status', (run) => run.status),
  attribute('started', 'time', (run) => run.startedAt),
  attribute('finished', 'time', (run) => run.finishedAt),
  attribute('seconds', 'number', (run) => run.seconds),
  attribute('executor', 'text', (run) => run.executor),
  attribute('tasks', 'number', (run) => run.tasks),
  attribute('cached', 'number', (run) => run.cached),
];

const NAMESPACES = ['params', 'metrics', 'results'] as const;
const SOURCES = { params: 'parameters', metrics: 'metrics', results: 'results' } as const;

/** Where a name was written, for the error: `--sort`, or a filter with its position. */
export type Blame = (message: string, fix: string) => PipewrightError;

/** The columns that a set of runs has. */
export class Columns {
  readonly #named = new Map<string, Column>();
  readonly #resolved = new Map<string, Column>();

  constructor(runs: readonly TrackedRun[]) {
    const found = { params: new Map<string, Set<string>>(), metrics: new Map<string, Set<string>>(), results: new Map<string, Set<string>>() };
    for (const run of runs) {
      for (const kind of NAMESPACES) {
        for (const [name, value] of Object.entries(run[SOURCES[kind]])) {
          const types = found[kind].get(name) ?? new Set();
          found[kind].set(name, types.add(typeof value === 'object' ? 'string' : typeof value));
        }
      }
    }
    for (const column of ATTRIBUTES) this.#named.set(column.name, column);
    for (const kind of NAMESPACES) for (const [name, types] of found[kind]) this.#named.set(`${kind}.${name}`, columnOf(kind, name, types));
  }

  all(): readonly Column[] {
    return [...this.#named.values()];
  }

  ofKind(kind: Column['kind']): readonly Column[] {
    return this.all().filter((column) => column.kind === kind);
  }

  /**
   * The column that a person means. In full, or so much of its end that it is unmistakable: `auc` for
   * `metrics.evaluate.auc-roc`. Of several the one with the fewest parts counts, and an item of a loop is one more:
   * `accuracy` is `evaluate.accuracy`, not `evaluate.majority.accuracy` and not `train(0).accuracy`. Throws what `blame`
   * makes when there is none or there are several.
   */
  resolve(word: string, blame: Blame): Column {
    const known = this.#resolved.get(word) ?? this.#named.get(word);
    if (known !== undefined) return known;
    const kind = NAMESPACES.find((name) => word.startsWith(`${name}.`));
    const rest = normal(kind === undefined ? word : word.slice(kind.length + 1));
    const among = this.all().filter((column) => kind === undefined || column.kind === kind);
    for (const fits of [isWhole, isEnd, isShortened]) {
      const fitting = among.filter((column) => fits(normal(bare(column)), rest));
      if (fitting.length === 0) continue;
      const fewest = Math.min(...fitting.map(partsOf));
      const best = fitting.filter((column) => partsOf(column) === fewest);
      if (best.length > 1) throw blame(`"${oneLine(word)}" may be any of ${best.length} columns: ${listed(best.slice(0, 8).map(({ name }) => name))}${best.length > 8 ? ' …' : ''}.`, 'Write more of its name, or name one pipeline with --pipeline.');
      this.#resolved.set(word, best[0]!);
      return best[0]!;
    }
    throw blame(`No run has a column "${oneLine(word)}".`, this.#suggest(word, kind));
  }

  #suggest(word: string, kind: Column['kind'] | undefined): string {
    const columns = kind === undefined ? this.all() : this.ofKind(kind);
    const last = normal(word).split('.').at(-1)!;
    const near = closest(word, columns.map(({ name }) => name)) ?? columns.find(({ name }) => closest(last, [name.split('.').at(-1)!]) !== undefined)?.name;
    if (near !== undefined) return `Did you mean "${near}"?`;
    if (columns.length === 0) return `These runs have no ${kind ?? 'columns'}.`;
    return `There are: ${listed(columns.slice(0, 12).map(({ name }) => name))}${columns.length > 12 ? ' …; pipewright runs list --format json shows all' : ''}.`;
  }
}

function columnOf(kind: (typeof NAMESPACES)[number], name: string, types: ReadonlySet<string>): Column {
  const valueOf = (run: TrackedRun): Cell => (Object.hasOwn(run[SOURCES[kind]], name) ? run[SOURCES[kind]][name] : undefined);
  return kind === 'metrics' ? { name: `${kind}.${name}`, kind, type: 'number', valueOf } : { name: `${kind}.${name}`, kind, type: 'any', types, valueOf };
}

function bare({ kind, name }: Column): string {
  return kind === 'attribute' ? name : name.slice(kind.length + 1);
}

function partsOf({ name }: Column): number {
  return name.split(/[.(]/).length;
}

/** Capitals, `_` and `-` make no difference. */
function normal(word: string): string {
  return word.toLowerCase().replaceAll(/[_ ]/g, '-');
}

function isWhole(name: string, word: string): boolean {
  return name === word;
}

function isEnd(name: string, word: string): boolean {
  return name.endsWith(`.${word}`);
}

/** `auc` for `evaluate.auc-roc`: the last part may end where a hyphen comes. */
function isShortened(name: string, word: string): boolean {
  const at = name.lastIndexOf('.') + 1 - (word.lastIndexOf('.') + 1);
  return at >= 0 && (at === 0 || name[at - 1] === '.') && name.startsWith(`${word}-`, at);
}
