import type { FigureTable } from '../../dsl/contract/index.ts';
import type { TaskFigures } from '../report/run-document.ts';

/** Columns that hold the ends of an interval; they belong to the figure on their left. */
const LOWER = /^(?:[\d.]+ ?% ?)?(?:from|lower|low)$/i;
const UPPER = /^(?:[\d.]+ ?% ?)?(?:to|upper|high)$/i;
/** A table whose rows are figures says so in its first column; in any other the rows are what is compared. */
const ROWS_ARE_FIGURES = /^(?:figure|metric|measure)$/i;

/**
 * The numbers of headline tables and of lists of figures, by name. The first row of a table is what it is about, so its
 * figures have the short names (`evaluate.auc-roc`); those of the other rows name their row (`evaluate.base-rate.auc-roc`).
 * A list of figures has one in each row, the first column of numbers being what it is about. The ends of an interval are
 * `….lower` and `….upper`. Of two with the same name the first counts.
 */
export function headlineMetrics(figures: readonly TaskFigures[]): ReadonlyMap<string, number> {
  const metrics = new Map<string, number>();
  for (const { task, figures: document } of figures) {
    for (const table of document.tables ?? []) {
      if (table.headline !== true && !ROWS_ARE_FIGURES.test(table.columns[0] ?? '')) continue;
      for (const [name, value] of numbersOf(table)) if (!metrics.has(`${task}.${name}`)) metrics.set(`${task}.${name}`, value);
    }
  }
  return metrics;
}

function numbersOf({ columns, rows }: FigureTable): readonly (readonly [string, number])[] {
  const rowsAreFigures = ROWS_ARE_FIGURES.test(columns[0] ?? '');
  const labels = columnLabels(columns);
  return rows.flatMap((row, index) => {
    const ofRow = slugOf(String(row[0] ?? ''));
    return row.flatMap((value, column) => {
      if (column === 0 || typeof value !== 'number') return [];
      const label = labels[column] ?? '';
      const parts = rowsAreFigures
        ? [ofRow, column === 1 ? '' : LOWER.test(columns[column]!) ? 'lower' : UPPER.test(columns[column]!) ? 'upper' : label]
        : [index === 0 ? '' : ofRow, label];
      const name = parts.filter((part) => part !== '').join('.');
      return name === '' ? [] : [[name, value] as const];
    });
  });
}

function columnLabels(columns: readonly string[]): readonly string[] {
  let figure = '';
  return columns.map((column, index) => {
    const end = LOWER.test(column) ? 'lower' : UPPER.test(column) ? 'upper' : undefined;
    if (end !== undefined && index > 1) return `${figure}.${end}`;
    figure = slugOf(column);
    return figure;
  });
}

/** `AUC-ROC` is `auc-roc`, `Sharpe ratio` is `sharpe-ratio`. */
export function slugOf(text: string): string {
  return text.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');
}
