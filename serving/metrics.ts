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
  });
  const inference = new Histogram({
    name: 'pipewright_inference_duration_seconds',
    help: 'Seconds from the complete body of an inference request to its reply.',
    labelNames: ['model', 'version', 'role', 'status'],
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const predictions = new Counter({
    name: 'pipewright_predictions_total',
    help: 'Rows that were answered, by what was predicted.',
    labelNames: ['model', 'version', 'role', 'direction'],
    registers,
  });
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
      http.observe({ method, path, status }, seconds);
    },
    observeInference(model, status, seconds) {
      statusesOf(model).add(status);
      inference.observe({ model: model.name, version: model.version, role: model.role, status }, seconds);
    },
    countPredictions({ name, version, role }, { probabilities, up }) {
      const down = probabilities.length - up;
      if (up > 0) predictions.inc({ model: name, version, role, direction: 'up' }, up);
      if (down > 0) predictions.inc({ model: name, version, role, direction: 'down' }, down);
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
