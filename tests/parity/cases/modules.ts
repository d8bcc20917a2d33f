import { t } from '../../../dsl/contract/index.ts';
import { craft } from '../modules/contract.ts';
import { did, parity, type ParityCase } from '../parity-case.ts';
import { gatherFolders, read, say } from '../steps.ts';

/* Steps in TypeScript: the harness reads and checks what it is given, stages what it makes, and says why it refuses. */

const ODD = 'a "b" {{x}} $(PATH)\n\\ ü😀';

export const moduleCases: readonly ParityCase[] = [
  parity('module-chain', { params: { text: t.string() }, given: { text: ODD } }, ({ params, task }) => {
    const first = task(craft, { text: params.text, numbers: [0.1, 0.2], data: { '{{k}}': ['$$', null] } }, { name: 'first' });
    const second = task(craft, { text: '!', numbers: [1e21, 0.5], data: first.data, before: first.file }, { name: 'second' });
    task(read, { file: second.file });
  }, {
    first: did({ text: ODD, sum: 0.1 + 0.2, data: { '{{k}}': ['$$', null] } }, { file: ODD, folder: { 'below/leaf': ODD } }),
    second: did({ text: '!', sum: 1e21, data: { '{{k}}': ['$$', null] } }, { file: `${ODD}!`, folder: { 'below/leaf': '!' } }),
    read: did({ text: `${ODD}!` }),
  }),
  parity('module-loop', { params: { words: t.list(t.string()) }, given: { words: ['b', '{{a}}'] } }, ({ params, task, forEach }) => {
    const made = forEach(params.words, (text, { task }) => task(craft, { text }));
    task(gatherFolders, { folders: made.folder });
  }, {
    'craft(0)': did({ text: 'b', sum: 0, data: null }), 'craft(1)': did({ text: '{{a}}', sum: 0, data: null }),
    'gather-folders': did({ text: './000000/below/leaf=b;./000001/below/leaf={{a}};' }),
  }),
  parity('module-refuses', {}, ({ task }) => {
    const refused = task(craft, { text: 'x', end: 'refuse' }, { retry: { limit: 2, wait: '1s' } });
    task(say, { text: refused.text });
  }, { craft: { status: 'Failed', attempts: 1 }, say: 'Omitted' }, { status: 'Failed' }),
  parity('module-fails', {}, ({ task }) => {
    task(craft, { text: 'x', end: 'fail' }, { retry: { limit: 1, wait: '1s' } });
  }, { craft: { status: 'Failed', attempts: 2 } }, { status: 'Failed' }),
];
