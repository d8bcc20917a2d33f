/**
 * The document in a `metrics` artifact: figures beside their baselines, and charts as data. The report draws it without
 * knowing what the step was about, so any step in any language can put pictures into it.
 */
export interface Figures {
  readonly format: 'pipewright/figures/1';
  readonly title: string;
  /** One sentence for people in a hurry. */
  readonly summary?: string;
  readonly tables?: readonly FigureTable[];
  readonly charts?: readonly Chart[];
}

/** The first column names the row. A number is printed with up to four significant digits after the point. */
export interface FigureTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** What to know when reading it: number of trials, interval, costs. */
  readonly note?: string;
  /** Shown at the end of a run as well. */
  readonly headline?: true;
}

interface Titled { readonly title: string; readonly note?: string }

export interface LineChart extends Titled {
  readonly kind: 'line';
  readonly xLabel: string;
  readonly yLabel: string;
  /** `x` are numbers or ISO days. */
  readonly series: readonly { readonly name: string; readonly x: readonly (number | string)[]; readonly y: readonly number[]; readonly emphasis?: true; readonly points?: true }[];
  /** Draws y = x, for ROC and calibration. */
  readonly diagonal?: true;
  /** Draws a vertical line, for a chosen epoch or a cut-off day. */
  readonly mark?: { readonly x: number | string; readonly label: string };
}

export interface BarChart extends Titled {
  readonly kind: 'bar';
  readonly yLabel: string;
  readonly bars: readonly { readonly name: string; readonly value: number }[];
}

/** `counts[actual][predicted]`. */
export interface MatrixChart extends Titled {
  readonly kind: 'matrix';
  readonly labels: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/** Lanes that are cut into pieces: which rows are for what in each fold of a split. */
export interface SegmentsChart extends Titled {
  readonly kind: 'segments';
  readonly xLabel: string;
  /** From top to bottom. `from` and `to` are numbers or ISO days; a piece ends before `to`. Pieces of one role have one colour. */
  readonly lanes: readonly { readonly name: string; readonly segments: readonly { readonly from: number | string; readonly to: number | string; readonly role: string }[] }[];
}

/** Values with their intervals, one a row: a forest plot. */
export interface IntervalChart extends Titled {
  readonly kind: 'interval';
  readonly xLabel: string;
  /** `lower` and `upper` are null where there is no interval. Rows of a group stand together under its name. */
  readonly rows: readonly { readonly name: string; readonly value: number; readonly lower: number | null; readonly upper: number | null; readonly group?: string; readonly emphasis?: true }[];
  /** Draws a vertical line, for chance or for what is compared with. */
  readonly reference?: { readonly x: number; readonly label: string };
}

export type Chart = IntervalChart | LineChart | BarChart | MatrixChart | SegmentsChart;
