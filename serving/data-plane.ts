import { checkBars, sliceBars, type Bars } from '../model/bars.ts';
import { latestFeatureRow } from '../model/features/index.ts';
import { closest, listed } from '../dsl/util/index.ts';
import { badRequest, notFound, unavailable } from './errors.ts';
import type { FeatureLog } from './feature-log.ts';
import type { ModelSlot } from './models/model-slot.ts';
import { describeModel, type ServedModel } from './models/served-model.ts';
import type { OnlineRows } from './online/online-rows.ts';

/** Whether the server should get requests, and why not. */
export interface Readiness {
  readonly ready: boolean;
  readonly models: readonly ModelReadiness[];
  /** Why it is not ready. */
  readonly reason?: string;
}

export interface ModelReadiness {
  readonly name: string;
  readonly ready: boolean;
  /** The version that answers. */
  readonly version?: string;
  /** Why the version that should answer does not; the server may be ready with the one before it. */
  readonly reason?: string;
}

/** Decides what is answered, whatever the protocol: which model, from which features, or why not. */
export interface DataPlane {
  readonly modelNames: readonly string[];
  /** The model that answers for a name now. 404 for a name or version that is not served, 503 until it is loaded. */
  modelOf(name: string, version?: string): ServedModel;
  /** 404 for a name that is not served. */
  readinessOf(name: string): ModelReadiness;
  readiness(): Readiness;
  /** From now on the server is not ready, though it still answers. */
  startDraining(): void;
  readonly isDraining: boolean;
}

export function createDataPlane(slots: readonly ModelSlot[]): DataPlane {
  const byName = new Map(slots.map((slot) => [slot.name, slot]));
  const names = slots.map((slot) => slot.name);
  let draining = false;

  const slotOf = (name: string): ModelSlot => {
    const slot = byName.get(name);
    if (slot) return slot;
    const meant = closest(name, names);
    throw notFound(`There is no model "${name}" here; ${meant ? `did you mean "${meant}"?` : `the models are ${listed(names)}.`}`);
  };
  const readinessOf = (slot: ModelSlot): ModelReadiness => {
    const { name, current, failure } = slot;
    const reason = failure?.reason ?? (current ? undefined : `The model is being loaded from ${slot.source.description}.`);
    return { name, ready: current !== undefined, ...(current ? { version: current.version } : {}), ...(reason ? { reason } : {}) };
  };

  return {
    modelNames: names,
    get isDraining() { return draining; },
    modelOf(name, version) {
      const slot = slotOf(name);
      const model = slot.current;
      if (!model) throw unavailable(`The model "${name}" is not ready. ${readinessOf(slot).reason}`);
      if (version !== undefined && version !== model.version) {
        throw notFound(`Version ${version} of model "${name}" is not served; version ${model.version} is. Leave the version out to ask the one that is served.`);
      }
      return model;
    },
    readinessOf: (name) => readinessOf(slotOf(name)),
    readiness() {
      const models = slots.map(readinessOf);
      if (draining) return { ready: false, models, reason: 'The server is shutting down.' };
      const missing = models.filter((model) => !model.ready);
      if (models.length > 0 && missing.length === 0) return { ready: true, models };
      return { ready: false, models, reason: missing.map(({ name, reason }) => `Model "${name}": ${reason}`).join(' ') || 'No model is configured.' };
    },
    startDraining() {
      draining = true;
    },
  };
}

/** What a server has beside its models, where it was asked to. */
export interface FeatureServices {
  /** Rows by key. */
  readonly online?: OnlineRows | undefined;
  /** Where rows are written down that were computed here or looked up. */
  readonly log?: FeatureLog | undefined;
}

/** The features of the newest bar of a window, by the function that training uses. 400 for too few bars or bars that make no sense. */
export function featuresOfBars(model: ServedModel, bars: Bars, { log }: FeatureServices): Float64Array {
  const given = bars.date.length;
  const { joined } = model.featureSet;
  if (joined !== undefined) {
    throw badRequest(`${describe(model)} joins features of the series "${joined.name}", so bars of one series are not enough. Ask with "features", or with "key" where the server has online features.`);
  }
  if (given < model.requiredBars) {
    throw badRequest(`${describe(model)} needs ${model.requiredBars} bars to compute its features; got ${given}. Send at least ${model.requiredBars} bars, oldest first.`);
  }
  let row: Float64Array;
  try {
    row = latestFeatureRow(bars, model.featureSet);
  } catch (error) {
    throw asBadBars(error, bars);
  }
  const broken = row.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) {
    throw badRequest(`The feature ${model.featureNames[broken]} cannot be computed from these bars: it comes out as ${row[broken]}. Check the prices and volumes of the last ${model.requiredBars} bars.`);
  }
  log?.fromBars(model, sliceBars(bars, given - model.requiredBars), row);
  return row;
}

/** The latest feature rows of some keys, in their order, and the days that they are of. 400 without online features or for an unknown key. */
export function featuresOfKeys(model: ServedModel, keys: readonly string[], { online, log }: FeatureServices): { readonly values: Float64Array; readonly dates: readonly string[] } {
  if (online === undefined) throw badRequest('This server has no online features, so it cannot be asked by "key". Ask with "features" or with "bars", or start it with --online-features.');
  const values = new Float64Array(keys.length * model.featureNames.length);
  const dates = keys.map((key, at) => {
    const row = online.rowOf(model, key);
    values.set(row.values, at * model.featureNames.length);
    log?.fromKey(model, key, row.date, row.values);
    return row.date;
  });
  return { values, dates };
}

/** What a model says to some rows. */
export interface Answer {
  /** One per row. */
  readonly probabilities: Float64Array;
  /** Rows that are answered "up". */
  readonly up: number;
}

/** `values` is rows × features, row-major, and finite. 400 for numbers that are too large for the model. */
export function predict(model: ServedModel, values: Float64Array, rows: number): Answer {
  const probabilities = model.predictor.predictRows(values, rows);
  let up = 0;
  for (let row = 0; row < rows; row++) {
    // The predictor's word for a feature that is beyond single precision once it is normalised.
    if (Number.isNaN(probabilities[row])) throw tooLarge(model, values, row);
    if (directionOf(model, probabilities[row]!) === 'up') up++;
  }
  return { probabilities, up };
}

export function directionOf(model: ServedModel, probability: number): 'up' | 'down' {
  return probability >= model.decisionThreshold ? 'up' : 'down';
}

function tooLarge({ featureNames }: ServedModel, values: Float64Array, row: number): Error {
  const numbers = featureNames.map((name, at) => ({ name, value: values[row * featureNames.length + at]! }));
  const { name, value } = numbers.reduce((a, b) => (Math.abs(b.value) > Math.abs(a.value) ? b : a));
  return badRequest(`Row ${row} has numbers that are too large for the model: ${name} is ${value}. Send features in the units that the model was trained on.`);
}

/** The error for a window that the features refuse, with row numbers of the whole window. */
function asBadBars(error: unknown, bars: Bars): unknown {
  if (!(error instanceof RangeError)) return error;
  try {
    checkBars(bars);
  } catch (inWindow) {
    return inWindow instanceof RangeError ? badRequest(inWindow.message) : inWindow;
  }
  return badRequest(error.message);
}

function describe(model: ServedModel): string {
  const text = describeModel(model);
  return text[0]!.toUpperCase() + text.slice(1);
}
