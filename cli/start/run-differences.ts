import { canonicalJson, type Json } from '../../dsl/util/index.ts';
import type { TaskRecord } from '../../dsl/local/run-record.ts';
import type { ArtifactReference } from '../../store/index.ts';
import type { RunDocument } from '../report/run-document.ts';
import { formatBytes } from '../words/numbers.ts';
import { describeStanding } from '../words/status.ts';
import { shortDigest, shortValue } from '../words/values.ts';

type Kind = 'Parameters' | 'Code' | 'Steps' | 'Results' | 'Figures' | 'Artifacts';

/** One thing, as each of the runs has it; undefined in a run that has no such thing. */
export interface Side {
  readonly kind: Kind;
  readonly name: string;
  readonly values: readonly (Json | undefined)[];
  /** Whether it is the same in all of them. */
  readonly isSame: boolean;
}

/** All that runs have, in the order in which one thing leads to the next: parameters and code, then what came of them. */
export function layBeside(documents: readonly RunDocument[]): readonly Side[] {
  return [
    ...sides('Parameters', documents.map(({ run }) => new Map(Object.entries(run.parameters)))),
    ...sides('Code', documents.map(codesOf)),
    ...sides('Steps', documents.map((document) => ofTasks(document, (task) => [['', describeStanding(task.status)]]))),
    ...sides('Results', documents.map((document) => ofTasks(document, (task) => Object.entries(task.results)))),
    ...sides('Figures', documents.map(cellsOf)),
    ...sides('Artifacts', documents.map((document) => ofTasks(document, (task) => Object.entries(task.outputs).map(([output, reference]) => [output, describeArtifact(reference)])))),
  ];
}

function sides(kind: Kind, each: readonly ReadonlyMap<string, Json>[]): readonly Side[] {
  const names = new Set(each.flatMap((values) => [...values.keys()]));
  return [...names].map((name) => {
    const values = each.map((one) => one.get(name));
    const texts = new Set(values.map((value) => (value === undefined ? undefined : canonicalJson(value))));
    return { kind, name, values, isSame: texts.size === 1 };
  });
}

/** A value as people read it. Long ones are told apart by all of their text, though only the beginning is shown. */
export function describeSide(kind: Kind, value: Json): string {
  if (typeof value === 'string' && kind !== 'Parameters' && kind !== 'Results') return value;
  const length = canonicalJson(value).length;
  return length > 60 ? `${shortValue(value, 44)} (${length} characters)` : shortValue(value);
}

function ofTasks({ tasks }: RunDocument, valuesOf: (task: TaskRecord) => readonly (readonly [string, Json])[]): ReadonlyMap<string, Json> {
  return new Map(tasks.flatMap((task) => valuesOf(task).map(([key, value]) => [key === '' ? task.task : `${task.task}.${key}`, value] as const)));
}

/** Numbers in tables, found by the titles of document and table, the name of the row and of the column. */
function cellsOf({ figures }: RunDocument): ReadonlyMap<string, Json> {
  const cells = new Map<string, Json>();
  for (const { task, figures: document } of figures) {
    for (const table of document.tables ?? []) {
      for (const row of table.rows) {
        for (const [column, name] of table.columns.entries()) if (column > 0) cells.set(`${task}: ${table.title}: ${row[0] ?? ''}: ${name}`, row[column] ?? null);
      }
    }
  }
  return cells;
}

function codesOf({ tasks }: RunDocument): ReadonlyMap<string, Json> {
  return new Map(tasks.flatMap((task) => (task.parts === undefined ? [] : [[task.step, shortDigest(task.parts.code)] as const])));
}

function describeArtifact({ digest, size }: ArtifactReference): string {
  return `${shortDigest(digest)} (${formatBytes(size)})`;
}
