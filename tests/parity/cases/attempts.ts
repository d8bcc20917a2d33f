import { format } from '../../../dsl/build/index.ts';
import { artifact, t } from '../../../dsl/contract/index.ts';
import { did, parity, type ParityCase } from '../parity-case.ts';
import { end, flaky, keepNumbers, list, read, say, shell, sleep, write } from '../steps.ts';

/* Steps that fail: what is tried again, how often, and what goes on beside them. `counter` is the address of counter.ts. */

const counter = { params: { counter: t.string() } };
const killed = shell('killed', 'kill -9 $$');
const writesNothing = shell('writes-nothing', ':', { results: { text: t.string() } });
const writesNoFile = shell('writes-no-file', 'test -n "$1"', { outputs: { file: artifact.file() } });
const writesWrong = shell('writes-wrong', 'printf many > "$1"', { results: { n: t.integer() } });

/** Writes a file that is named by the attempt, and fails until there were enough. */
const flakyFolder = shell('flaky-folder', 'n=$(wget -qO- "$1") && mkdir -p "$3" && printf x > "$3/attempt-$n" && [ "$n" -ge "$2" ]', { parameters: { counter: t.string(), least: t.integer() }, outputs: { folder: artifact.directory() } });

export const attemptCases: readonly ParityCase[] = [
  parity('retry-third', counter, ({ params, task }) => {
    const tried = task(flaky, { counter: format`${params.counter}third`, least: 3 }, { retry: { limit: 3, wait: '1s', factor: 1 } });
    task(read, { file: tried.file });
  }, { flaky: { ...did({ n: 3 }, { file: 'attempt 3' }), attempts: 3 }, read: did({ text: 'attempt 3' }) }),
  parity('retry-gives-up', counter, ({ params, task }) => {
    const tried = task(flaky, { counter: format`${params.counter}gives-up`, least: 9, code: 7 }, { retry: { limit: 1 } });
    task(read, { file: tried.file });
    task(say, { text: 'beside' });
  }, { flaky: { status: 'Failed', attempts: 2 }, read: 'Omitted', say: did() }, { status: 'Failed' }),
  parity('retry-not-64', counter, ({ params, task }) => {
    task(flaky, { counter: format`${params.counter}not-64`, least: 2, code: 64 }, { retry: { limit: 3 } });
  }, { flaky: { status: 'Failed', attempts: 1 } }, { status: 'Failed' }),
  parity('retry-in-loop', counter, ({ params, task, forEach }) => {
    const tried = forEach(['a', 'b'], (name, { task }) => task(flaky, { counter: format`${params.counter}loop-${name}`, least: 2 }, { retry: { limit: 2 } }));
    task(keepNumbers, { numbers: tried.n });
  }, { 'flaky(0)': { ...did({ n: 2 }), attempts: 2 }, 'flaky(1)': { ...did({ n: 2 }), attempts: 2 }, 'keep-numbers': did({ numbers: [2, 2] }) }),
  parity('retry-folder', counter, ({ params, task }) => {
    const made = task(flakyFolder, { counter: format`${params.counter}folder`, least: 2 }, { retry: { limit: 2 } });
    task(list, { folder: made.folder });
  }, { 'flaky-folder': { ...did({}, { folder: { 'attempt-2': 'x' } }), attempts: 2 }, list: did({ text: './attempt-2=x;' }) }),
  parity('retry-not-needed', {}, ({ task }) => {
    task(end, { code: 0 }, { retry: { limit: 2, wait: '1s', factor: 2, longestWait: '2s' } });
    task(end, { code: 64 }, { name: 'refuses' });
    task(end, { code: 255 }, { name: 'fails' });
  }, { end: { ...did({ text: 'done' }), attempts: 1 }, refuses: { status: 'Failed', attempts: 1 }, fails: { status: 'Failed', attempts: 1 } }, { status: 'Failed' }),
  parity('failure-beside', {}, ({ task }) => {
    const tried = task(end, { code: 3 });
    const then = task(say, { text: tried.text }, { name: 'then' });
    task(say, { text: then.text }, { name: 'much-later' });
    const good = task(say, { text: 'good' }, { name: 'good' });
    task(say, { text: good.text }, { name: 'good-too' });
    task(say, { text: 'both' }, { name: 'both', after: [tried, good] });
  }, { end: 'Failed', then: 'Omitted', 'much-later': 'Omitted', good: did(), 'good-too': did(), both: 'Omitted' }, { status: 'Failed' }),
  parity('failure-by-signal', {}, ({ task }) => {
    task(killed, {});
    task(write, { text: 'beside' });
  }, { killed: { status: 'Failed', attempts: 1 }, write: did() }, { status: 'Failed' }),
  parity('failure-missing-result', {}, ({ task }) => {
    const made = task(writesNothing, {});
    task(say, { text: made.text });
  }, { 'writes-nothing': 'Failed', say: 'Omitted' }, { status: 'Failed', onCluster: { status: 'Error', tasks: { 'writes-nothing': 'Error' } } }),
  parity('failure-missing-output', {}, ({ task }) => {
    const made = task(writesNoFile, {});
    task(read, { file: made.file });
  }, { 'writes-no-file': 'Failed', read: 'Omitted' }, { status: 'Failed', onCluster: { status: 'Error', tasks: { 'writes-no-file': 'Error' } } }),
  parity('failure-wrong-result', {}, ({ task, when }) => {
    const made = task(writesWrong, {});
    when(made.n.greaterThan(1), ({ task }) => { task(say, { text: 'many' }); });
  }, { 'writes-wrong': 'Failed', say: 'Omitted' }, { status: 'Failed', onCluster: { status: 'Error', tasks: { 'writes-wrong': 'Succeeded' } } }),
  parity('timeout-of-a-step', {}, ({ task }) => {
    const slept = task(sleep, { seconds: 60 }, { timeout: '4s' });
    task(say, { text: slept.text }, { name: 'then' });
    task(sleep, { seconds: 1 }, { name: 'in-time', timeout: '10m' });
  }, { sleep: { status: 'Failed', attempts: 1 }, then: 'Omitted', 'in-time': did({ text: 'slept' }) }, { status: 'Failed' }),
  parity('timeout-and-retry', {}, ({ task }) => {
    task(sleep, { seconds: 60 }, { timeout: '4s', retry: { limit: 1 } });
  }, { sleep: { status: 'Failed', attempts: 2 } }, { status: 'Failed' }),
];
