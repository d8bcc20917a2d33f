import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Answer } from './data-plane.ts';
import type { RefreshOutcome } from './models/model-slot.ts';
import type { ServedModel } from './models/served-model.ts';

/**
 * Seconds. Below 5 ms, because the model answers in microseconds; 0.1 is an edge of its own, so that the share of requests
 * within 100 ms is a ratio of two counters. The others are OpenTelemetry's.
 */
export const LATENCY_BUCKETS = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 10];

/** Versions of one model that keep their series: a server that runs for months must not grow without end. */
const KEPT_VERSIONS = 8;

/** Observations that are kept before they are handed to prom-client. */
const BATCH = 128;

/** What the server counts. Labels are bounded: nothing that a client can choose becomes one. */
export interface Metrics {
  readonly contentType: string;
  render(): Promise<string>;
  /** One HTTP exchange, from its head to the end of the reply. `path` is a route's template. */
  observeRequest(method: string, path: string, status: number, seconds: number): void;
  /** One inference on a model, from the complete body to the reply. */
  observeInference(model: ServedModel, status: number, seconds: number): void;
  countPredictions(model: ServedModel, answer: Answer): void;
  countLoad(name: string, role: string, outcome: RefreshOutcome): void;
}

interface MetricsOptions {
  /** Requests that are being answered now. */
  readonly inFlight: () => number;
  readonly isReady: () => boolean;
}

export function createMetrics({ inFlight, isReady }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const http = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Seconds from the head of a request to the end of its reply.',
    labelNames: ['method', 'path', 'status'],
    buckets: LATENCY_BUCKETS,
    registers,
    collect: () => requests.flush(),
  });
  const requests = inBatches((labels: RequestLabels, seconds) => http.observe(labels, seconds));
  const inference = new Histogram({
    name: 'pipewright_inference_duration_seconds',
    help: 'Seconds from the complete body of an inference request to its reply.',
    labelNames: ['model', 'version', 'role', 'status'],
    buckets: LATENCY_BUCKETS,
    registers,
    collect: () => inferences.flush(),
  });
  const inferences = inBatches((labels: InferenceLabels, seconds) => inference.observe(labels, seconds));
  const predictions = new Counter({
    name: 'pipewright_predictions_total',
    help: 'Rows that were answered, by what was predicted.',
    labelNames: ['model', 'version', 'role', 'direction'],
    registers,
    collect: () => answers.flush(),
  });
  const answers = inBatches((labels: PredictionLabels, rows) => predictions.inc(labels, rows));
  const loads = new Counter({
    name: 'pipewright_model_loads_total',
    help: 'Models that were loaded, and loads that failed while the model before kept answering.',
    labelNames: ['model', 'role', 'result'],
    registers,
  });
  const loadDuration = new Histogram({
    name: 'pipewright_model_load_duration_seconds',
    help: 'Seconds to find, read, verify, compile and warm a model.',
    labelNames: ['model', 'role'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60],
    registers,
  });
  const info = new Gauge({
    name: 'pipewright_model_info',
    help: 'Always 1: the model that answers, as labels.',
    labelNames: ['model', 'version', 'role', 'digest'],
    registers,
  });
  const loadedAt = new Gauge({
    name: 'pipewright_model_loaded_timestamp_seconds',
    help: 'When the model that answers was swapped in, in seconds since 1970.',
    labelNames: ['model', 'role'],
    registers,
  });
  const failing = new Gauge({
    name: 'pipewright_model_load_failing',
    help: '1 while the version that should answer cannot be loaded, else 0.',
    labelNames: ['model', 'role'],
    registers,
  });
  new Gauge({ name: 'pipewright_ready', help: '1 while the server is ready, else 0.', registers, collect() { this.set(isReady() ? 1 : 0); } });
  new Gauge({ name: 'pipewright_requests_in_flight', help: 'Requests that are being answered.', registers, collect() { this.set(inFlight()); } });

  /** Label sets by model and version, oldest first, so that old ones can be dropped. */
  const series = new Map<string, Map<string, Set<number>>>();
  const statusesOf = ({ name, version, role }: ServedModel): Set<number> => {
    let versions = series.get(name);
    if (!versions) series.set(name, (versions = new Map()));
    let statuses = versions.get(version);
    if (statuses) return statuses;
    versions.set(version, (statuses = new Set()));
    // Or what is still kept would bring a series back.
    inferences.flush();
    answers.flush();
    for (const [old, oldStatuses] of [...versions].slice(0, -KEPT_VERSIONS)) {
      for (const status of oldStatuses) inference.remove({ model: name, version: old, role, status: String(status) });
      for (const direction of ['up', 'down']) predictions.remove({ model: name, version: old, role, direction });
      versions.delete(old);
    }
    return statuses;
  };

  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    observeRequest(method, path, status, seconds) {
      requests.add({ method, path, status }, seconds);
    },
    observeInference(model, status, seconds) {
      statusesOf(model).add(status);
      inferences.add({ model: model.name, version: model.version, role: model.role, status }, seconds);
    },
    countPredictions({ name, version, role }, { probabilities, up }) {
      const down = probabilities.length - up;
      if (up > 0) answers.add({ model: name, version, role, direction: 'up' }, up);
      if (down > 0) answers.add({ model: name, version, role, direction: 'down' }, down);
    },
    countLoad(model, role, outcome) {
      failing.set({ model, role }, outcome.kind === 'failed' ? 1 : 0);
      if (outcome.kind === 'unchanged') return;
      loads.inc({ model, role, result: outcome.kind === 'swapped' ? 'loaded' : 'failed' });
      if (outcome.kind === 'failed') return;
      loadDuration.observe({ model, role }, outcome.seconds);
      loadedAt.set({ model, role }, Date.now() / 1000);
      if (outcome.previous) info.remove({ model, role, version: outcome.previous.version, digest: outcome.previous.digest });
      info.set({ model, role, version: outcome.model.version, digest: outcome.model.digest }, 1);
    },
  };
}

interface RequestLabels { readonly method: string; readonly path: string; readonly status: number }
interface InferenceLabels { readonly model: string; readonly version: string; readonly role: string; readonly status: number }
interface PredictionLabels { readonly model: string; readonly version: string; readonly role: string; readonly direction: 'up' | 'down' }

/**
 * Keeps values and hands them over together, at the latest when somebody looks. prom-client makes a text of the labels for
 * each value; between other work that costs some two microseconds, a hundred in a row a third of it.
 */
function inBatches<Labels>(handOver: (labels: Labels, value: number) => void): { add(labels: Labels, value: number): void; flush(): void } {
  const labels: Labels[] = [];
  const values: number[] = [];
  const flush = (): void => {
    for (let at = 0; at < labels.length; at++) handOver(labels[at]!, values[at]!);
    labels.length = 0;
    values.length = 0;
  };
  return {
    add(label, value) {
      values.push(value);
      if (labels.push(label) === BATCH) flush();
    },
    flush,
  };
}
