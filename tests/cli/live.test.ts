import { describe, expect, it } from 'vitest';
import { drawView, type ViewOptions } from '../../cli/present/draw-view.ts';
import { RunState } from '../../cli/present/run-state.ts';
import { alignRows, columnsOf, fit, oneLine, wrap } from '../../cli/present/text.ts';
import type { RunEvent } from '../../dsl/local/event.ts';
import { samplePipeline } from '../report/sample-document.ts';

const options: ViewOptions = { columns: 60, rows: 40, now: 10_000, frame: 0, paint: (_, text) => text, remark: '' };

type Loose = { readonly kind: RunEvent['kind'] } & Readonly<Record<string, unknown>>;

function stateAfter(...events: readonly Loose[]): RunState {
  const state = new RunState(samplePipeline);
  for (const event of events) state.apply({ at: 1000, ...event } as unknown as RunEvent);
  return state;
}

const started: Loose = { kind: 'RunStarted', run: 'r1', pipeline: 'stock-direction', parameters: {}, executor: 'process', maximumParallel: 2 };
const begun = (task: string, node = task): Loose => ({ kind: 'TaskStarted', task, node, step: node, because: { why: 'first' } });
const ended = (task: string, node: string, more: Readonly<Record<string, unknown>> = {}): Loose => ({ kind: 'TaskEnded', task, node, step: node, status: 'Succeeded', seconds: 2.5, results: {}, ...more });

describe('the live view', () => {
  const state = stateAfter(
    started,
    ended('ingest', 'ingest', { cached: { run: 'r0', task: 'ingest' } }),
    begun('featurize'), ended('featurize', 'featurize'),
    { kind: 'LoopExpanded', group: 'candidates', node: 'candidates', items: 3 },
    begun('train(0)', 'train'), ended('train(0)', 'train'),
    begun('train(1)', 'train'), { kind: 'Progress', task: 'train(1)', node: 'train', attempt: 1, done: 15, total: 60, note: 'epoch 15' },
    { kind: 'LogLine', task: 'train(1)', node: 'train', attempt: 1, stream: 'stdout', line: 'a line that says less' },
  );

  it('has a line for each node, with progress, times and what came from the cache', () => {
    expect(drawView(state, options)).toEqual([
      'stock-direction  run r1',
      '✓ ingest                                             cached',
      '✓ featurize                                           2.5 s',
      '▾ for each candidates: 3 items',
      '  ⠋ train        1/3 done',
      '    ⠋ train(1)   ███░░░░░░░░░ 15/60 epoch 15          9.0 s',
      '○ evaluate',
      '▾ when promoted',
      '  ○ deploy',
      '  ○ tell',
      '○ farewell',
      '',
      '9.0 s · 3 tasks done (1 cached) · Ctrl-C stops',
    ]);
  });

  it('is never wider than the terminal, nor higher', () => {
    for (const columns of [20, 33, 60, 200]) {
      for (const rows of [6, 9, 40]) {
        const lines = drawView(state, { ...options, columns, rows, remark: 'Stopping: the steps at work are being ended.' });
        for (const line of lines.slice(0, -1)) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
        expect(lines.length).toBeLessThanOrEqual(Math.max(rows, 8));
      }
    }
  });

  it('leaves out what waits before what works or has failed', () => {
    const lines = drawView(stateAfter(started, begun('featurize'), ended('ingest', 'ingest', { status: 'Failed' })), { ...options, rows: 8 });
    expect(lines.join('\n')).toMatch(/✗ ingest[^]*⠋ featurize[^]*… and \d+ more/);
    expect(lines.join('\n')).not.toContain('deploy');
  });

  it('counts the items of a large loop instead of listing them', () => {
    const many = stateAfter(started, { kind: 'LoopExpanded', group: 'candidates', node: 'candidates', items: 100 }, ...Array.from({ length: 9 }, (_, index) => begun(`train(${index})`, 'train')));
    const text = drawView(many, options).join('\n');
    expect(text).toContain('0/100 done');
    expect(text.match(/train\(/g)).toHaveLength(4);
    expect(text).toContain('… and 5 more at work');
  });

  it('shows nothing of a terminal sequence that a step printed', () => {
    const hostile = stateAfter(started, begun('ingest'), { kind: 'LogLine', task: 'ingest', node: 'ingest', attempt: 1, stream: 'stdout', line: '\u001b[2J\u001b]0;title\u0007gone\ttext\u009b1m' });
    const text = drawView(hostile, options).join('\n');
    expect(text).toContain('gone text');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('text for a terminal', () => {
  it('knows wide and combining characters', () => {
    expect(columnsOf('日本語')).toBe(6);
    expect(columnsOf('e\u0301')).toBe(1);
    expect(fit('日本語', 5)).toBe('日本…');
    expect(fit('ab', 4)).toBe('ab  ');
    expect(fit('abcdef', 1)).toBe('…');
  });

  it('aligns, wraps and flattens', () => {
    expect(alignRows([['a', '1', 'x'], ['bbb', '22', '']], new Set([1]))).toEqual(['a     1  x', 'bbb  22']);
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
    expect(oneLine('a\nb\r\u001b[31mc')).toBe('a b c');
  });
});
