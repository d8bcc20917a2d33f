import { describe, expect, it } from 'vitest';
import { artifact, commandLine, defineContainerStep, defineStep, pathsBelow, printMessage, readMessage, t } from '../../dsl/contract/index.ts';

describe('a command line', () => {
  it('tells a TypeScript step everything by four flags', () => {
    const step = defineStep({
      name: 'train', parameters: { rate: t.number() }, inputs: { data: artifact.file() }, outputs: { model: artifact.model() }, results: { loss: t.number() },
    });
    expect(commandLine(step.contract, { parameter: () => '0.1', ...pathsBelow('/pipewright') })).toEqual([
      'node', '/app/main.mjs', '--parameter', 'rate=0.1', '--input', 'data=/pipewright/inputs/data',
      '--output', 'model=/pipewright/outputs/model', '--result', 'loss=/pipewright/results/loss',
    ]);
  });

  it('fills the holes of any other program, and a value is one word whatever is in it', () => {
    const step = defineContainerStep({
      name: 'x', image: 'alpine:3.22', parameters: { n: t.string() }, outputs: { o: artifact.file() },
      command: ({ parameter, output }) => ['prog', parameter('n', '--n='), '-o', output('o')],
    });
    expect(commandLine(step.contract, { parameter: () => '$(rm -rf /); "x" {{y}}', ...pathsBelow('/w') })).toEqual(['prog', '--n=$(rm -rf /); "x" {{y}}', '-o', '/w/outputs/o']);
  });

  it('finds the program of a TypeScript step beside its contract', () => {
    const { contract } = defineStep({ name: 'here' });
    expect(contract.program).toEqual({ kind: 'module', entry: new URL('./main.ts', import.meta.url).href });
  });
});

describe('a contract', () => {
  it('keeps what lets a step in apart from what changes its work', () => {
    const { contract } = defineStep({ name: 'x', environment: ['S3_ENDPOINT'], secrets: ['AWS_SECRET_ACCESS_KEY'] });
    expect(contract).toMatchObject({ environment: ['S3_ENDPOINT'], secrets: ['AWS_SECRET_ACCESS_KEY'] });
  });
});

describe('the protocol', () => {
  it('reads what it prints and takes every other line for a log line', () => {
    const message = { type: 'progress', done: 3, total: 10, note: 'epoch 3' } as const;
    expect(readMessage(printMessage(message))).toEqual(message);
    for (const line of ['', 'hello', '::pipewright', '::pipewright {', '::pipewright {"type":"other"}', '::pipewright {"type":"failure"}', '::pipewright {"type":"progress","done":"x","total":{}}', '::pipewright null', ' ::pipewright {"type":"progress"}']) expect(readMessage(line)).toBeUndefined();
  });
});
