import type { Figures } from '../../dsl/contract/index.ts';
import { artifact, defineContainerStep, pipeline, t } from '../../dsl/index.ts';
import type { Pipeline } from '../../dsl/ir/index.ts';
import type { Status } from '../../dsl/local/status.ts';
import type { TaskRecord } from '../../dsl/local/run-record.ts';
import type { RunDocument } from '../../cli/report/run-document.ts';
import { digestOf, type Json } from '../../dsl/util/index.ts';
import { randomFrom } from './random.ts';

/* A run as a report sees it, with everything that a page can show: made by hand, so that a test can bend each part. */

const command = (): readonly string[] => ['true'];
const ingest = defineContainerStep({ name: 'ingest', image: 'i', parameters: { symbol: t.string() }, outputs: { prices: artifact.dataset({ date: 'date', close: 'float64' }) }, results: { rows: t.integer() }, command });
const featurize = defineContainerStep({ name: 'featurize', image: 'i', inputs: { prices: artifact.dataset({ date: 'date' }) }, outputs: { table: artifact.dataset({ date: 'date' }) }, command });
const train = defineContainerStep({ name: 'train', image: 'i', parameters: { rate: t.number() }, inputs: { table: artifact.dataset({ date: 'date' }) }, outputs: { model: artifact.model(), figures: artifact.metrics() }, results: { loss: t.number() }, command });
const evaluate = defineContainerStep({ name: 'evaluate', image: 'i', inputs: { candidates: artifact.many(artifact.model()), table: artifact.dataset({ date: 'date' }) }, outputs: { figures: artifact.metrics(), best: artifact.model() }, results: { decision: t.enum(['promote', 'keep', 'inconclusive']), reason: t.string() }, command });
const deploy = defineContainerStep({ name: 'deploy', image: 'i', inputs: { model: artifact.model() }, command });
const tell = defineContainerStep({ name: 'tell', image: 'i', parameters: { text: t.string() }, command });

export const samplePipeline: Pipeline = pipeline(
  'stock-direction',
  { description: 'Will the index close higher tomorrow?', params: { symbol: t.string({ default: 'SPX', description: 'What is forecast' }), rates: t.list(t.number(), { default: [0.001, 0.003, 0.01] }) } },
  ({ params, task, when, forEach, onExit }) => {
    const raw = task(ingest, { symbol: params.symbol });
    const features = task(featurize, { prices: raw.prices });
    const models = forEach(params.rates, (rate, { task }) => task(train, { rate, table: features.table }), { name: 'candidates' });
    const verdict = task(evaluate, { candidates: models.model, table: features.table });
    when(verdict.decision.equals('promote'), ({ task }) => { task(deploy, { model: verdict.best }); }, { name: 'promoted', otherwise: ({ task }) => { task(tell, { text: verdict.reason }); } });
    onExit(({ task, status }) => { task(tell, { text: status }, { name: 'farewell' }); });
  },
);

const days = (count: number, from = '2000-01-03'): string[] => Array.from({ length: count }, (_, index) => new Date(Date.parse(from) + index * 86_400_000 * 1.45).toISOString().slice(0, 10));

/** Equity curves of `length` days, a learning curve, ROC, calibration, confusion matrix, bars. */
export function sampleFigures(length = 5000): Figures {
  const random = randomFrom(7);
  const walk = (drift: number): number[] => { let value = 1; return Array.from({ length }, () => (value *= 1 + drift + (random() - 0.5) * 0.024)); };
  const x = days(length);
  const steps = Array.from({ length: 21 }, (_, index) => index / 20);
  return {
    format: 'pipewright/figures/1',
    title: 'Evaluation on days that no model trained on',
    summary: 'Keep the champion: the challenger is right on 53.1 % of 1,276 days, the majority class on 54.2 % (p = 0.81), so the data cannot tell them apart.',
    tables: [
      { title: 'Classification', headline: true, columns: ['Figure', 'Challenger', 'Champion', 'Majority class'], rows: [['Accuracy', 0.5313479, 0.5297, 0.5423], ['Balanced accuracy', 0.5071, 0.5043, 0.5], ['ROC AUC', 0.5126, 0.5098, 0.5], ['Log loss', 0.6918, 0.6924, 0.6895], ['Days', 1276, 1276, 1276]], note: 'Third trial on this window; 95 % interval of the accuracy: 0.504 to 0.559.' },
      { title: 'Trading, after 1 bp of costs', columns: ['Figure', 'Strategy', 'Buy and hold'], rows: [['Sharpe ratio', 0.41, 0.52], ['Maximum drawdown', -0.2134, -0.3379], ['Turnover a year', 61.25, 0], ['Note', null, 'dividends left out']] },
    ],
    charts: [
      { kind: 'line', title: 'Equity', xLabel: 'Day', yLabel: 'Growth of 1', series: [{ name: 'Strategy', x, y: walk(0.0003), emphasis: true }, { name: 'Buy and hold', x, y: walk(0.00025) }, { name: 'Random sign', x, y: walk(0) }], mark: { x: x[Math.floor(length * 0.8)]!, label: 'held out from here' } },
      { kind: 'line', title: 'Learning curve', xLabel: 'Epoch', yLabel: 'Log loss', series: [{ name: 'training', x: steps.map((s) => s * 60), y: steps.map((s) => 0.7 - 0.02 * s) }, { name: 'validation', x: steps.map((s) => s * 60), y: steps.map((s) => 0.7 - 0.012 * s + 0.02 * s * s) }], mark: { x: 18, label: 'chosen' } },
      { kind: 'line', title: 'ROC', xLabel: 'False positive rate', yLabel: 'True positive rate', diagonal: true, series: [{ name: 'Challenger (AUC 0.513)', x: steps, y: steps.map((s) => s ** 0.95) }, { name: 'Champion (AUC 0.510)', x: steps, y: steps.map((s) => s ** 0.97) }] },
      { kind: 'line', title: 'Calibration', note: 'Ten equally filled bins.', xLabel: 'Predicted', yLabel: 'Observed', diagonal: true, series: [{ name: 'Challenger', points: true, x: [0.42, 0.46, 0.49, 0.51, 0.54, 0.58], y: [0.5, 0.52, 0.49, 0.55, 0.53, 0.56] }] },
      { kind: 'matrix', title: 'Confusion', labels: ['down', 'up'], counts: [[212, 372], [226, 466]] },
      { kind: 'bar', title: 'Importance', note: 'Fall of the log likelihood when one feature is shuffled.', yLabel: 'Nats × 1000', bars: [['momentum over 20 days', 4.1], ['RSI 14', 3.2], ['volatility over 20 days, annualised and long', 2.6], ['MACD', 0.7], ['volume', -0.4], ['weekday', -1.1]].map(([name, value]) => ({ name: name as string, value: value as number })) },
    ],
  };
}

const START = Date.parse('2026-01-31T09:30:00.000Z');

interface SampleTask { readonly task: string; readonly step?: string; readonly status?: Status; readonly cached?: boolean; readonly from: number; readonly seconds: number; readonly outputs?: readonly string[]; readonly results?: Readonly<Record<string, Json>>; readonly inputs?: TaskRecord['inputs']; readonly attempts?: number; readonly reason?: TaskRecord['reason'] }

export function sampleTask(sample: SampleTask): TaskRecord {
  const node = sample.task.replace(/\(.*$/, '');
  const status = sample.status ?? 'Succeeded';
  const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();
  const ran = !sample.cached && status !== 'Skipped' && status !== 'Omitted';
  return {
    format: 'pipewright/task/1', run: '20260131-093000-000-k3f9', task: sample.task, node, step: sample.step ?? node,
    items: [...sample.task.matchAll(/\((\d+)\)/g)].map((match) => Number(match[1])),
    status, cached: sample.cached ?? false, seconds: sample.seconds, startedAt: at(sample.from), finishedAt: at(sample.from + sample.seconds),
    ...(sample.reason === undefined ? {} : { reason: sample.reason }),
    parameters: node === 'train' ? { rate: 0.003 } : node === 'ingest' ? { symbol: 'SPX' } : {},
    inputs: sample.inputs ?? {},
    outputs: Object.fromEntries((sample.outputs ?? []).map((output) => [output, sampleReference(`${sample.task}.${output}`, output === 'model' || output === 'best')])),
    results: sample.results ?? {},
    ...(status === 'Skipped' ? {} : { fingerprint: digestOf(sample.task) as never }),
    cache: sample.cached
      ? { status: 'hit', run: '20260130-180000-000-aaaa', task: sample.task, finishedAt: '2026-01-30T18:00:03.000Z', seconds: 2.4 }
      : ran ? { status: 'miss', because: { why: 'changed', since: '20260130-180000-000-aaaa', changes: [{ what: 'parameter', name: 'rate', before: 0.001, after: 0.003 }] } } : { status: 'unasked' },
    attempts: ran
      ? Array.from({ length: sample.attempts ?? 1 }, (_, index, { length } = { length: sample.attempts ?? 1 }) => ({
          attempt: index + 1, status: index === length - 1 ? status : ('Failed' as const), startedAt: at(sample.from + (index * sample.seconds) / length), seconds: sample.seconds / length - 0.1, exitCode: status === 'Succeeded' && index === length - 1 ? 0 : 1, log: `attempt-${index + 1}.log`,
        }))
      : [],
  };
}

export function sampleReference(content: string, isFolder = false): TaskRecord['outputs'][string] {
  return isFolder ? { type: 'directory', digest: digestOf(content), size: 48_213, files: 4 } : { type: 'file', digest: digestOf(content), size: 512_004 };
}

export function sampleDocument(length = 5000): RunDocument {
  const failure = { code: 'PW301', message: 'The program ended with exit code 1.', fix: 'Read the end of its log; it says what went wrong.' } as const;
  const table = sampleReference('featurize.table');
  const tasks = [
    sampleTask({ task: 'ingest', cached: true, from: 0.02, seconds: 0.01, outputs: ['prices'], results: { rows: 5105 } }),
    sampleTask({ task: 'featurize', cached: true, from: 0.04, seconds: 0.01, outputs: ['table'], inputs: { prices: sampleReference('ingest.prices') } }),
    sampleTask({ task: 'train(0)', from: 0.1, seconds: 5.2, outputs: ['model', 'figures'], results: { loss: 0.6921 }, inputs: { table } }),
    sampleTask({ task: 'train(1)', from: 0.12, seconds: 6.9, outputs: ['model', 'figures'], results: { loss: 0.6904 }, inputs: { table }, attempts: 2 }),
    sampleTask({ task: 'train(2)', from: 5.4, seconds: 4.4, outputs: ['model', 'figures'], results: { loss: 0.6957 }, inputs: { table } }),
    sampleTask({ task: 'evaluate', from: 9.9, seconds: 2.3, outputs: ['figures', 'best'], results: { decision: 'keep', reason: 'inconclusive' }, inputs: { table, candidates: [0, 1, 2].map((index) => sampleReference(`train(${index}).model`, true)) } }),
    sampleTask({ task: 'deploy', status: 'Skipped', from: 12.2, seconds: 0 }),
    sampleTask({ task: 'tell', from: 12.25, seconds: 0.2 }),
    sampleTask({ task: 'farewell', step: 'tell', status: 'Failed', from: 12.5, seconds: 0.3, reason: failure }),
  ];
  const curve = sampleFigures(40).charts![1]!;
  return {
    run: {
      format: 'pipewright/run/1', id: '20260131-093000-000-k3f9', pipeline: 'stock-direction', status: 'Failed', parameters: { symbol: 'SPX', rates: [0.001, 0.003, 0.01] }, executor: 'process', maximumParallel: 2,
      startedAt: new Date(START).toISOString(), finishedAt: new Date(START + 12_900).toISOString(), seconds: 12.9, process: { pid: 1, host: 'ab' }, tasks: [], groups: [],
    },
    pipeline: samplePipeline,
    tasks,
    figures: [
      ...[0, 1, 2].map((index) => ({ task: `train(${index})`, output: 'figures', figures: { format: 'pipewright/figures/1' as const, title: `Training with rate ${[0.001, 0.003, 0.01][index]!}`, charts: [curve] } })),
      { task: 'evaluate', output: 'figures', figures: sampleFigures(length) },
    ],
    logs: new Map([['farewell', { attempt: 1, isCut: true, lines: ['connecting to <mail & co>', 'Traceback (most recent call last):', '  File "main.py", line 3, in <module>', 'ConnectionRefusedError: [Errno 111] Connection refused'] }]]),
  };
}
