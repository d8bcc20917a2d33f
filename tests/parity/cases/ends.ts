import { format } from '../../../dsl/build/index.ts';
import { defineContainerStep, t } from '../../../dsl/contract/index.ts';
import { did, parity, type ParityCase } from '../parity-case.ts';
import { end, keep, keepInteger, keepNumber, keepTexts, say, sleep } from '../steps.ts';

/* How runs end: the exit handler, the run's own time, and expressions that have no value. */

const divide = defineContainerStep({ name: 'expr', image: 'busybox:1.36', parameters: { a: t.integer(), b: t.integer() }, command: ({ parameter }) => ['expr', parameter('a'), '/', parameter('b')] });
const missing = defineContainerStep({ name: 'missing', image: 'busybox:1.36', command: () => ['no-such-program', 'x'] });

export const endCases: readonly ParityCase[] = [
  parity('exit-after-success', { params: { who: t.string({ default: '{{team}}' }) } }, ({ params, task, onExit }) => {
    task(say, { text: 'work' });
    onExit(({ task, status, when, forEach }) => {
      task(say, { text: format`${status} for ${params.who}` }, { name: 'report' });
      when(status.notEquals('Succeeded'), ({ task }) => { task(say, { text: 'alarm' }, { name: 'alarm' }); });
      const told = forEach(['a', 'b'], (name, { task }) => task(say, { text: format`${name}: ${status}` }, { name: 'tell' }));
      task(keepTexts, { texts: told.text });
    });
  }, { say: did(), report: did({ text: 'Succeeded for {{team}}' }), alarm: 'Skipped', 'tell(0)': did({ text: 'a: Succeeded' }), 'tell(1)': did(), 'keep-texts': did({ texts: ['a: Succeeded', 'b: Succeeded'] }) }),
  parity('exit-after-failure', {}, ({ task, onExit }) => {
    const tried = task(end, { code: 3 });
    task(say, { text: tried.text });
    onExit(({ task, status, when }) => {
      task(say, { text: format`it ${status}` }, { name: 'report' });
      when(status.notEquals('Succeeded'), ({ task }) => { task(say, { text: 'alarm' }, { name: 'alarm' }); });
    });
  }, { end: 'Failed', say: 'Omitted', report: did({ text: 'it Failed' }), alarm: did() }, { status: 'Failed' }),
  parity('exit-after-error', { params: { row: t.json<{ a: number }>({ default: {} as { a: number } }) } }, ({ params, task, onExit }) => {
    task(keepNumber, { n: params.row.get('a').plus(1) });
    onExit(({ task, status }) => { task(say, { text: format`it is ${status}` }, { name: 'report' }); });
  }, { 'keep-number': 'Error', report: did({ text: 'it is Error' }) }, { status: 'Error' }),
  parity('exit-fails', {}, ({ task, onExit }) => {
    task(say, { text: 'work' });
    onExit(({ task }) => {
      const tried = task(end, { code: 3 });
      task(say, { text: tried.text }, { name: 'then' });
      task(say, { text: 'beside' }, { name: 'beside' });
    });
  }, { say: did(), end: 'Failed', then: 'Omitted', beside: did() }, { status: 'Failed' }),
  parity('exit-fails-after-failure', {}, ({ task, onExit }) => {
    task(end, { code: 2 }, { name: 'body' });
    onExit(({ task }) => { task(end, { code: 3 }, { name: 'handler' }); });
  }, { body: 'Failed', handler: 'Failed' }, { status: 'Failed' }),
  parity('timeout-of-the-run', { timeout: '10s' }, ({ task, onExit }) => {
    const slept = task(sleep, { seconds: 300 });
    task(say, { text: slept.text }, { name: 'then' });
    onExit(({ task, status }) => { task(say, { text: format`${status}` }, { name: 'report' }); });
  }, { sleep: 'Failed', then: 'Omitted', report: did({ text: 'Failed' }) }, { status: 'Failed' }),
  parity('timeout-while-waiting', { timeout: '10s', parallelism: 1 }, ({ task }) => {
    task(sleep, { seconds: 300 });
    // As long: which of the two Argo lets go first is its own affair.
    task(sleep, { seconds: 300 }, { name: 'waiting' });
  }, { sleep: 'Failed', waiting: 'Omitted' }, { status: 'Failed', onCluster: { tasks: { waiting: 'Failed' } } }),
  parity('program-by-argv', { params: { n: t.integer({ default: 8 }) } }, ({ params, task }) => {
    task(divide, { a: params.n, b: 2 });
    task(divide, { a: params.n, b: 0 }, { name: 'by-zero' });
    task(missing, {});
  }, { expr: did(), 'by-zero': 'Failed', missing: 'Error' }, { status: 'Failed', onCluster: { tasks: { missing: 'Failed' } } }),
  parity('no-value', { params: { n: t.integer({ default: 0 }), row: t.json<{ a: number }>() }, given: { row: { b: 1 } } }, ({ params, task, when }) => {
    const zero = task(keepInteger, { n: params.n });
    const broken = task(keepNumber, { n: params.row.get('a').plus(1) });
    task(keep, { value: broken.n }, { name: 'after-broken' });
    task(keepNumber, { n: zero.n.plus(1).dividedBy(zero.n) }, { name: 'divided' });
    when(params.row.get('a').greaterThan(1), ({ task }) => { task(say, { text: 'x' }, { name: 'guarded' }); });
    task(say, { text: 'beside' });
  }, { 'keep-integer': did({ n: 0 }), 'keep-number': 'Error', 'after-broken': 'Omitted', divided: 'Error', guarded: 'Omitted', say: did() }, { status: 'Error' }),
  parity('no-member', { params: { row: t.json<{ a: number; b: { c: string } | null; d: number }>() }, given: { row: { b: null, d: 1 } } }, ({ params, task, when }) => {
    const { row } = params;
    task(keep, { value: row.get('a') }, { name: 'passed-on' });
    when(row.get('a').equals(1), ({ task }) => { task(say, { text: 'x' }, { name: 'compared' }); });
    when(row.get('d').equals(1), ({ task }) => { task(keep, { value: row.get('b') }, { name: 'null' }); });
    task(say, { text: format`${row.get('a')}` }, { name: 'formatted' });
  }, { 'passed-on': 'Error', compared: 'Omitted', null: did({ value: null }), formatted: 'Error' }, { status: 'Error' }),
  parity('value-of-the-wrong-type', { params: { row: t.json<{ n: number }>() }, given: { row: { n: 'x' } } }, ({ params, task }) => {
    task(keepInteger, { n: params.row.get('n') });
    task(say, { text: 'beside' });
  }, { 'keep-integer': 'Failed', say: did() }, { status: 'Failed', onCluster: { status: 'Succeeded', tasks: { 'keep-integer': 'Succeeded' } } }),
  parity('pipeline-one-at-a-time', { parallelism: 1 }, ({ task }) => {
    const first = task(say, { text: 'a' }, { name: 'first' });
    const second = task(say, { text: 'b' }, { name: 'second' });
    task(say, { text: format`${first.text}${second.text}` }, { name: 'last' });
  }, { first: did(), second: did(), last: did({ text: 'ab' }) }),
];
