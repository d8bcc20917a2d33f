import { BAR_COLUMNS, type Bars } from '../../../model/bars.ts';
import { closest } from '../../../dsl/util/index.ts';
import { directionOf, featuresOfBars, type Answer, type FeatureServices } from '../../data-plane.ts';
import { badRequest, RequestError } from '../../errors.ts';
import { describeModel, type ServedModel } from '../../models/served-model.ts';
import { isObject, kindOf, quote, type JsonObject } from '../json.ts';
import type { Reply } from '../reply.ts';

const FIRST_ROWS = 64;

/**
 * The feature rows of a V1 request, `{"instances": […]}`. An instance is one of
 * - a list of numbers: the features in the order of the model;
 * - an object with one number per feature name;
 * - `{"bars": [{date, open, high, low, close, volume}, …]}`, oldest first: the server computes the features.
 *
 * Returns instances × features, row-major. 400 that names the instance and what to change.
 */
export function readInstances(model: ServedModel, request: JsonObject, services: FeatureServices = {}): { readonly rows: number; readonly values: Float64Array } {
  const { instances } = request;
  if (!Array.isArray(instances) || instances.length === 0) {
    const columnar = instances === undefined && request['inputs'] !== undefined ? ' The columnar form, "inputs", is not offered.' : '';
    throw badRequest(`"instances" must be a list of at least one instance; got ${kindOf(instances)}.${columnar}`);
  }
  const columns = model.featureNames.length;
  // Grows with what proves to be an instance: a list of a million nulls must not take the memory of a million rows.
  let values = new Float64Array(Math.min(instances.length, FIRST_ROWS) * columns);
  for (const [at, instance] of instances.entries()) {
    if (at * columns === values.length) {
      const larger = new Float64Array(Math.min(instances.length * columns, 2 * values.length));
      larger.set(values);
      values = larger;
    }
    try {
      copyInstance(model, instance, values.subarray(at * columns, (at + 1) * columns), services);
    } catch (error) {
      throw error instanceof RequestError ? badRequest(`instances[${at}]: ${error.message}`) : error;
    }
  }
  return { rows: instances.length, values };
}

/** `{"predictions": […]}`, one per instance; name and version say which model answered. */
export function predictReply(model: ServedModel, { probabilities }: Answer): Reply {
  let json = `{"model_name":${JSON.stringify(model.name)},"model_version":${JSON.stringify(model.version)},"predictions":[`;
  for (let at = 0; at < probabilities.length; at++) {
    const probability = probabilities[at]!;
    json += `${at > 0 ? ',' : ''}{"probability":${probability},"direction":"${directionOf(model, probability)}"}`;
  }
  return { status: 200, body: `${json}]}` };
}

function copyInstance(model: ServedModel, instance: unknown, to: Float64Array, services: FeatureServices): void {
  if (Array.isArray(instance)) copyList(model, instance, to);
  else if (!isObject(instance)) throw badRequest(`It must be a list of ${to.length} numbers, an object with a number per feature, or an object with "bars"; got ${kindOf(instance)}.`);
  else if (Object.hasOwn(instance, 'bars')) to.set(featuresOfBars(model, readBars(model, instance), services));
  else copyNamed(model, instance, to);
}

function copyList(model: ServedModel, list: readonly unknown[], to: Float64Array): void {
  if (list.length !== to.length) {
    throw badRequest(`It has ${list.length} features; ${describeModel(model)} takes ${to.length}: ${model.featureNames.join(', ')}.`);
  }
  for (let at = 0; at < to.length; at++) to[at] = readNumber(list[at], model.featureNames[at]!);
}

function copyNamed(model: ServedModel, instance: JsonObject, to: Float64Array): void {
  for (const name of Object.keys(instance)) if (!model.featureIndex.has(name)) throw unknownName(model, name);
  const missing = model.featureNames.filter((name) => !Object.hasOwn(instance, name));
  if (missing.length > 0) throw badRequest(`${missing.length} of ${to.length} features are missing: ${missing.join(', ')}.`);
  for (const [at, name] of model.featureNames.entries()) to[at] = readNumber(instance[name], name);
}

function readBars(model: ServedModel, instance: JsonObject): Bars {
  const other = Object.keys(instance).find((name) => name !== 'bars');
  if (other !== undefined) throw badRequest(`${quote(other)} cannot come with "bars"; send either bars or features.`);
  const list = instance['bars'];
  if (!Array.isArray(list)) throw badRequest(`"bars" must be a list of objects with date, ${BAR_COLUMNS.join(', ')}; got ${kindOf(list)}.`);
  const column = () => new Float64Array(list.length);
  const date: string[] = [];
  const bars = { date, open: column(), high: column(), low: column(), close: column(), volume: column() };
  for (const [row, bar] of list.entries()) {
    if (!isObject(bar)) throw badRequest(`bars[${row}] must be an object with date, ${BAR_COLUMNS.join(', ')}; got ${kindOf(bar)}.`);
    date.push(readDate(model, bar, row));
    for (const name of BAR_COLUMNS) bars[name][row] = readNumber(bar[name], `${name} of bars[${row}]`);
  }
  return bars;
}

/** The date of a bar; made up when the model reads none. */
function readDate(model: ServedModel, bar: JsonObject, row: number): string {
  const { date } = bar;
  if (typeof date === 'string') return date;
  if (date === undefined && model.datedFeatures.length === 0) return new Date(row * 86_400_000).toISOString().slice(0, 10);
  throw badRequest(`The date of bars[${row}] must be a day as YYYY-MM-DD; got ${kindOf(date)}.`);
}

function readNumber(value: unknown, what: string): number {
  if (typeof value === 'number' && value - value === 0) return value;
  throw badRequest(`${what} must be a finite number; got ${kindOf(value)}.${value === null ? ' Many programs write NaN as null: leave incomplete rows out.' : ''}`);
}

function unknownName(model: ServedModel, name: string): Error {
  const meant = closest(name.slice(0, 80), [...model.featureNames, 'bars']);
  return badRequest(`There is no feature ${quote(name)}; ${meant ? `did you mean "${meant}"?` : `the features are ${model.featureNames.join(', ')}.`}`);
}
