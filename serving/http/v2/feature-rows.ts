import { BAR_COLUMNS, type Bars } from '../../../model/bars.ts';
import { closest } from '../../../dsl/util/index.ts';
import { featuresOfBars, featuresOfKeys, type FeatureServices } from '../../data-plane.ts';
import { badRequest } from '../../errors.ts';
import { describeModel, type ServedModel } from '../../models/served-model.ts';
import { quote } from '../json.ts';
import { shapeText, type InputTensor } from './tensor.ts';
import { readNumbers, readTexts } from './tensor-data.ts';

/** Rows of features, ready for the predictor. */
export interface FeatureRows {
  readonly rows: number;
  /** rows × features, row-major, finite. */
  readonly values: Float64Array;
  /** Of rows that were looked up by key: the days of their newest bars. */
  readonly dates?: readonly string[];
}

const COLUMN_LIST = BAR_COLUMNS.join(', ');

/**
 * The feature rows that a request asks about, whichever way it asks:
 * - `features` [n, features]: n rows in the order that the metadata gives;
 * - one tensor per feature, [n] or [n, 1], in any order;
 * - `bars` [n, 5], with `date` [n]: one row, computed from the window by the code that training uses;
 * - `key` [n]: the latest row of each key, where the server has online features.
 *
 * 400 for anything else, with what to change.
 */
export function featureRowsOf(model: ServedModel, inputs: readonly InputTensor[], services: FeatureServices = {}): FeatureRows {
  const find = (name: string) => inputs.find((input) => input.name === name);
  const features = find('features');
  if (features) {
    requireAlone(inputs, ['features']);
    return rowsOfFeatures(model, features);
  }
  const bars = find('bars');
  if (bars) {
    requireAlone(inputs, ['bars', 'date']);
    return { rows: 1, values: featuresOfBars(model, barsOf(model, bars, find('date')), services) };
  }
  const key = find('key');
  if (key) {
    requireAlone(inputs, ['key']);
    const keys = keysOf(key);
    return { rows: keys.length, ...featuresOfKeys(model, keys, services) };
  }
  return rowsOfNamedFeatures(model, inputs);
}

function rowsOfFeatures(model: ServedModel, tensor: InputTensor): FeatureRows {
  const columns = model.featureNames.length;
  requireType(tensor, ['FP64', 'FP32']);
  const [rows = 0, width] = tensor.shape;
  if (tensor.shape.length !== 2 || width !== columns) {
    throw badRequest(`Input "features" has the shape ${shapeText(tensor.shape)}; ${describeModel(model)} takes [n, ${columns}], one column for each of ${model.featureNames.join(', ')}.`);
  }
  requireRows(tensor, rows);
  return { rows, values: readNumbers(tensor, rows, columns) };
}

function rowsOfNamedFeatures(model: ServedModel, inputs: readonly InputTensor[]): FeatureRows {
  const { featureNames, featureIndex } = model;
  for (const { name } of inputs) if (!featureIndex.has(name)) throw unknownInput(model, name);
  const given = new Set(inputs.map((input) => input.name));
  const missing = featureNames.filter((name) => !given.has(name));
  if (missing.length > 0) throw badRequest(`${missing.length} of ${featureNames.length} features are missing: ${missing.join(', ')}. Send one tensor for each, or all in one tensor "features".`);
  const rows = inputs[0]!.shape[0]!;
  let values: Float64Array | undefined;
  for (const tensor of inputs) {
    requireType(tensor, ['FP64', 'FP32']);
    const [length = 0, width = 1] = tensor.shape;
    if (tensor.shape.length > 2 || width !== 1) throw badRequest(`Input ${quote(tensor.name)} has the shape ${shapeText(tensor.shape)}; a single feature has [n] or [n, 1].`);
    requireRows(tensor, length);
    if (length !== rows) throw badRequest(`Input ${quote(tensor.name)} has ${length} rows and ${quote(inputs[0]!.name)} has ${rows}; all features need the same number.`);
    const column = readNumbers(tensor, rows, 1);
    // Only now is it known that so many rows were really sent.
    values ??= new Float64Array(rows * featureNames.length);
    const at = featureIndex.get(tensor.name)!;
    for (let row = 0; row < rows; row++) values[row * featureNames.length + at] = column[row]!;
  }
  return { rows, values: values! };
}

function barsOf(model: ServedModel, tensor: InputTensor, dates: InputTensor | undefined): Bars {
  requireType(tensor, ['FP64']);
  const [rows = 0, width] = tensor.shape;
  if (tensor.shape.length !== 2 || width !== BAR_COLUMNS.length) {
    throw badRequest(`Input "bars" has the shape ${shapeText(tensor.shape)}; it must be [n, ${BAR_COLUMNS.length}] with the columns ${COLUMN_LIST}, oldest bar first.`);
  }
  requireRows(tensor, rows);
  const values = readNumbers(tensor, rows, BAR_COLUMNS.length);
  const column = (at: number) => Float64Array.from({ length: rows }, (_, row) => values[row * BAR_COLUMNS.length + at]!);
  return { date: datesOf(model, dates, rows), open: column(0), high: column(1), low: column(2), close: column(3), volume: column(4) };
}

function keysOf(tensor: InputTensor): readonly string[] {
  requireType(tensor, ['BYTES']);
  const [rows = 0, width = 1] = tensor.shape;
  if (tensor.shape.length > 2 || width !== 1) throw badRequest(`Input "key" has the shape ${shapeText(tensor.shape)}; it must be [n] or [n, 1].`);
  requireRows(tensor, rows);
  return readTexts(tensor, rows);
}

function datesOf(model: ServedModel, tensor: InputTensor | undefined, rows: number): readonly string[] {
  if (!tensor) {
    if (model.datedFeatures.length === 0) return consecutiveDays(rows);
    throw badRequest(`Input "date" is missing: ${describeModel(model)} computes ${model.datedFeatures.join(', ')} from the dates. Send "date" with the shape [${rows}], datatype BYTES, days as YYYY-MM-DD.`);
  }
  requireType(tensor, ['BYTES']);
  const [length, width = 1] = tensor.shape;
  if (length !== rows || width !== 1 || tensor.shape.length > 2) throw badRequest(`Input "date" has the shape ${shapeText(tensor.shape)}; "bars" has ${rows} rows, so it must be [${rows}].`);
  return readTexts(tensor, rows);
}

/** Dates for a model that reads none: bars must have some. */
function consecutiveDays(count: number): string[] {
  return Array.from({ length: count }, (_, day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
}

function requireAlone(inputs: readonly InputTensor[], names: readonly string[]): void {
  const other = inputs.find(({ name }) => !names.includes(name));
  if (other) throw badRequest(`Input ${quote(other.name)} cannot come with "${names[0]}". Ask with "features", or with one tensor per feature, or with "bars" and "date", or with "key".`);
}

function requireType({ name, datatype }: InputTensor, allowed: readonly string[]): void {
  if (!allowed.includes(datatype)) throw badRequest(`Input ${quote(name)} is ${datatype}; it must be ${allowed.join(' or ')}.`);
}

function requireRows({ name, shape }: InputTensor, rows: number): void {
  if (rows < 1) throw badRequest(`Input ${quote(name)} has the shape ${shapeText(shape)}, which holds no row; send at least one.`);
}

function unknownInput(model: ServedModel, name: string): Error {
  const known = ['features', 'bars', 'date', 'key', ...model.featureNames];
  const meant = closest(name.slice(0, 80), known);
  return badRequest(`There is no input ${quote(name)}; ${meant ? `did you mean "${meant}"?` : `ask with "features", with one tensor per feature (${model.featureNames.join(', ')}), or with "bars" and "date".`}`);
}
