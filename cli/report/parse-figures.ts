import type { Chart, Figures, FigureTable } from '../../dsl/contract/index.ts';
import { isRecord } from '../../dsl/util/index.ts';

/**
 * Reads a document of figures that any program may have written. What is not as `Figures` says is left out: a wrong
 * chart must not cost the reader the report. Undefined when it is no such document at all.
 */
export function parseFigures(text: string): Figures | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(found) || found['format'] !== 'pipewright/figures/1') return undefined;
  const { title, summary, tables, charts } = found;
  return {
    format: 'pipewright/figures/1',
    title: isText(title) ? title : 'Figures',
    ...(isText(summary) ? { summary } : {}),
    tables: listOf(tables, isTable),
    charts: listOf(charts, isChart),
  };
}

function isTable(value: unknown): value is FigureTable {
  return isRecord(value) && isText(value['title']) && isNote(value) && isListOf(value['columns'], isText) && isListOf(value['rows'], (row) => isListOf(row, isCell));
}

function isChart(value: unknown): value is Chart {
  if (!isRecord(value) || !isText(value['title']) || !isNote(value)) return false;
  switch (value['kind']) {
    case 'line':
      return isText(value['xLabel']) && isText(value['yLabel']) && isListOf(value['series'], isSeries) && (value['mark'] === undefined || isMark(value['mark']));
    case 'bar':
      return isText(value['yLabel']) && isListOf(value['bars'], (bar) => isRecord(bar) && isText(bar['name']) && isNumber(bar['value']));
    case 'interval':
      return isText(value['xLabel']) && isListOf(value['rows'], isIntervalRow) && (value['reference'] === undefined || isMark(value['reference']));
    case 'matrix':
      return isListOf(value['labels'], isText) && isListOf(value['counts'], (row) => isListOf(row, isNumber));
    case 'segments':
      return isText(value['xLabel']) && isListOf(value['lanes'], isLane);
    default:
      return false;
  }
}

/** A y may be null: JSON has no NaN, and a gap in a line is no mistake. */
function isSeries(value: unknown): boolean {
  return isRecord(value) && isText(value['name']) && isListOf(value['x'], isPlace) && isListOf(value['y'], (y) => y === null || isNumber(y));
}

function isLane(value: unknown): boolean {
  return isRecord(value) && isText(value['name']) && isListOf(value['segments'], (one) => isRecord(one) && isPlace(one['from']) && isPlace(one['to']) && isText(one['role']));
}

function isIntervalRow(row: unknown): boolean {
  return isRecord(row) && isText(row['name']) && isNumber(row['value']) && [row['lower'], row['upper']].every((end) => end === null || isNumber(end)) && (row['group'] === undefined || isText(row['group']));
}

function isMark(value: unknown): boolean {
  return isRecord(value) && isText(value['label']) && isPlace(value['x']);
}

function isNote(value: Readonly<Record<string, unknown>>): boolean {
  return value['note'] === undefined || isText(value['note']);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isPlace(value: unknown): boolean {
  return isNumber(value) || isText(value);
}

function isCell(value: unknown): boolean {
  return value === null || isNumber(value) || isText(value);
}

function isListOf(value: unknown, fits: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits);
}

function listOf<T>(value: unknown, fits: (item: unknown) => item is T): readonly T[] {
  return Array.isArray(value) ? value.filter(fits) : [];
}
