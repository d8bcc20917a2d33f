import { deepFreeze } from '../util/index.ts';

/** Column types of a dataset. `date` is an ISO calendar day (`YYYY-MM-DD`). */
export type ColumnType = 'date' | 'string' | 'float64' | 'int32' | 'boolean';
export type Columns = { readonly [column: string]: ColumnType };

/** What an artifact is, as plain data. `dataset`, `metrics` and `report` are single files, `model` and `directory` are folders. */
export type ArtifactType =
  | { readonly kind: 'file'; readonly mediaType?: string }
  | { readonly kind: 'directory' }
  /** An Arrow IPC file with at least these columns. */
  | { readonly kind: 'dataset'; readonly columns: Columns }
  | { readonly kind: 'model' }
  /** A JSON document of figures and charts, see `figures.ts`. */
  | { readonly kind: 'metrics' }
  /** One self-contained HTML file. */
  | { readonly kind: 'report' };

declare const artifactOf: unique symbol;

/** An artifact port as an author declares it; `K` is for `tsc` only. */
export interface ArtifactPort<K> {
  readonly artifact: ArtifactType;
  readonly description?: string;
  readonly [artifactOf]?: K;
}
/** An input that may be left out. */
export interface OptionalInput<K> extends ArtifactPort<K> {
  readonly optional: true;
}
/** An input that takes a whole collection: a folder with one entry per item, named by its index. */
export interface CollectionInput<K> extends ArtifactPort<K> {
  readonly many: true;
}

/** The types that an artifact has in the editor; structural, so that a dataset with more columns fits one with fewer. */
export interface FileKind { readonly kind: 'file' }
export interface DirectoryKind { readonly kind: 'directory' }
export interface DatasetKind<C extends Columns = Columns> { readonly kind: 'dataset'; readonly columns: C }
export interface ModelKind { readonly kind: 'model' }
export interface MetricsKind { readonly kind: 'metrics' }
export interface ReportKind { readonly kind: 'report' }

interface Described { readonly description?: string }

function make(artifact: ArtifactType, options?: Described): never {
  return deepFreeze({ artifact, ...options }) as never;
}

/** The kinds of artifact a step reads and writes. `artifact.dataset({ date: 'date', close: 'float64' })` */
export const artifact = {
  file: (options?: Described): ArtifactPort<FileKind> => make({ kind: 'file' }, options),
  directory: (options?: Described): ArtifactPort<DirectoryKind> => make({ kind: 'directory' }, options),
  dataset: <const C extends Columns>(columns: C, options?: Described): ArtifactPort<DatasetKind<C>> => make({ kind: 'dataset', columns }, options),
  model: (options?: Described): ArtifactPort<ModelKind> => make({ kind: 'model' }, options),
  metrics: (options?: Described): ArtifactPort<MetricsKind> => make({ kind: 'metrics' }, options),
  report: (options?: Described): ArtifactPort<ReportKind> => make({ kind: 'report' }, options),
  /** An input that may be left out; the step sees `undefined`. */
  optional: <K>(port: ArtifactPort<K>): OptionalInput<K> => deepFreeze({ ...port, optional: true as const }),
  /** An input that takes every item of a loop. The step sees a list of paths, in the loop's order. */
  many: <K>(port: ArtifactPort<K>): CollectionInput<K> => deepFreeze({ ...port, many: true as const }),
} as const;

/** Whether the artifact is a folder on disk. */
export function isDirectory(type: ArtifactType): boolean {
  return type.kind === 'directory' || type.kind === 'model';
}

/** Why an output of type `from` cannot be given to an input of type `to`, or undefined when it can. */
export function whyUnfit(from: ArtifactType, to: ArtifactType): string | undefined {
  if (to.kind === 'file') return isDirectory(from) ? `is a folder (${from.kind}), but a file is wanted` : undefined;
  if (to.kind === 'directory') return isDirectory(from) ? undefined : `is a file (${from.kind}), but a folder is wanted`;
  if (from.kind !== to.kind) return `is a ${from.kind}, but a ${to.kind} is wanted`;
  if (from.kind === 'dataset' && to.kind === 'dataset') {
    for (const [column, type] of Object.entries(to.columns)) {
      const given = from.columns[column];
      if (given === undefined) return `has no column "${column}"`;
      if (given !== type) return `has a column "${column}" of type ${given}, but ${type} is wanted`;
    }
  }
  return undefined;
}
