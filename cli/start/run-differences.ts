import { canonicalJson, type Json } from '../../dsl/util/index.ts';
import type { TaskRecord } from '../../dsl/local/run-record.ts';
import type { ArtifactReference } from '../../store/index.ts';
import type { RunDocument } from '../report/run-document.ts';
import { formatBytes, formatNumber } from '../words/numbers.ts';
import { describeStanding } from '../words/status.ts';
import { shortDigest, shortValue } from '../words/values.ts';

/** One thing that is not the same in two runs, as texts. `–` where a side has no such thing. */
export interface Difference {
  readonly kind: 'Parameters' | 'Code' | 'Steps' | 'Results' | 'Figures' | 'Artifacts';
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** For figures: by how much. */
  readonly note: string;
}

const ABSENT = '–';

/** All that differs, in the order in which one thing leads to the next: parameters and code, then what came of them. */
export function compareRuns(before: RunDocument, after: RunDocument): readonly Difference[] {
  const tasks = pair(byTask(before), byTask(after));
  const each = (kind: Difference['kind'], valuesOf: (task: TaskRecord) => Readonly<Record<string, string>>): readonly Difference[] =>
    tasks.flatMap(([name, old, now]) => differences(kind, old === undefined ? {} : valuesOf(old), now === undefined ? {} : valuesOf(now), (key) => (key === '' ? name : `${name}.${key}`)));
  return [
    ...differences('Parameters', texts(before.run.parameters), texts(after.run.parameters)),
    ...differences('Code', codes(before), codes(after)),
    ...each('Steps', (task) => ({ '': describeStanding(task.status) })),
    ...each('Results', (task) => texts(task.results)),
    ...compareFigures(before, after),
    ...each('Artifacts', (task) => Object.fromEntries(Object.entries(task.outputs).map(([output, reference]) => [output, describeArtifact(reference)]))),
  ];
}

function differences(kind: Difference['kind'], before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>, nameOf: (key: string) => string = (key) => key): readonly Difference[] {
  return pair(new Map(Object.entries(before)), new Map(Object.entries(after)))
    .filter(([, old, now]) => old !== now)
    .map(([key, old, now]) => ({ kind, name: nameOf(key), before: old ?? ABSENT, after: now ?? ABSENT, note: '' }));
}

/** Numbers in tables, found by the titles of document and table, the name of the row and of the column. */
function compareFigures(before: RunDocument, after: RunDocument): readonly Difference[] {
  return pair(cellsOf(before), cellsOf(after))
    .filter(([, old, now]) => old !== now)
    .map(([name, old, now]) => ({
      kind: 'Figures', name, before: showCell(old), after: showCell(now),
      note: typeof old === 'number' && typeof now === 'number' ? `${now > old ? '+' : ''}${formatNumber(now - old)}` : '',
    }));
}

function cellsOf({ figures }: RunDocument): ReadonlyMap<string, string | number | null> {
  const cells = new Map<string, string | number | null>();
  for (const { task, figures: document } of figures) {
    for (const table of document.tables ?? []) {
      for (const row of table.rows) {
        for (const [column, name] of table.columns.entries()) if (column > 0) cells.set(`${task}: ${table.title}: ${row[0] ?? ''}: ${name}`, row[column] ?? null);
      }
    }
  }
  return cells;
}

function showCell(cell: string | number | null | undefined): string {
  return cell === null || cell === undefined ? ABSENT : typeof cell === 'number' ? formatNumber(cell) : cell;
}

function codes({ tasks }: RunDocument): Readonly<Record<string, string>> {
  return Object.fromEntries(tasks.flatMap((task) => (task.parts === undefined ? [] : [[task.step, shortDigest(task.parts.code)] as const])));
}

function byTask({ tasks }: RunDocument): ReadonlyMap<string, TaskRecord> {
  return new Map(tasks.map((task) => [task.task, task]));
}

function texts(values: Readonly<Record<string, Json>>): Readonly<Record<string, string>> {
  // Long values are told apart by all of their text, though only the beginning is shown.
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, canonicalJson(value).length > 60 ? `${shortValue(value, 44)} (${canonicalJson(value).length} characters)` : shortValue(value)]));
}

function describeArtifact({ digest, size }: ArtifactReference): string {
  return `${shortDigest(digest)} (${formatBytes(size)})`;
}

/** Keys of both, those of the first in their order, then the new ones. */
function pair<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): readonly (readonly [string, T | undefined, T | undefined])[] {
  return [...new Set([...before.keys(), ...after.keys()])].map((key) => [key, before.get(key), after.get(key)] as const);
}
