import type { Figures } from '../../dsl/contract/index.ts';
import type { Pipeline } from '../../dsl/ir/index.ts';
import type { FoundRun, TaskRecord } from '../../dsl/local/index.ts';

/** A document in one of the run's `metrics` artifacts. */
export interface TaskFigures {
  readonly task: string;
  readonly output: string;
  readonly figures: Figures;
}

/** The end of what an attempt printed. */
export interface LogTail {
  readonly attempt: number;
  readonly lines: readonly string[];
  /** Whether lines were left out before them. */
  readonly isCut: boolean;
}

/** All that a report shows, read from a run folder and the store. */
export interface RunDocument {
  readonly run: FoundRun;
  readonly pipeline: Pipeline;
  /** In the order of the run. */
  readonly tasks: readonly TaskRecord[];
  readonly figures: readonly TaskFigures[];
  readonly logs: ReadonlyMap<string, LogTail>;
}

/** Documents with something to say at the top: their summary, and the tables that their step calls its headline. */
export function headlinesOf(figures: readonly TaskFigures[]): readonly TaskFigures[] {
  return figures
    .map((one) => ({ ...one, figures: { ...one.figures, tables: (one.figures.tables ?? []).filter((table) => table.headline === true) } }))
    .filter((one) => one.figures.tables.length > 0);
}
