import { describe, expect, it } from 'vitest';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { HELP, readSettings, type Environment, type ServingSettings } from '../../serving/settings.ts';

const read = (flags: string, environment: Environment = {}) => readSettings(flags.split(' ').filter((word) => word !== ''), environment) as ServingSettings;

function problems(flags: string, environment: Environment = {}): string[] {
  try {
    read(flags, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(PipewrightError);
    const { issues } = error as PipewrightError;
    expect(new Set(issues.map(({ code }) => code))).toEqual(new Set(['PW601']));
    return issues.map(({ message, fix }) => `${message} ${fix}`);
  }
  return [];
}

describe('settings', () => {
  it('have defaults for a laptop', () => {
    expect(read('--folder ./model')).toEqual({
      origin: { kind: 'folder', folder: './model', name: undefined, version: undefined },
      host: '127.0.0.1', port: 8080, pollSeconds: 10, bodyLimit: 1_048_576, headersTimeout: 10, requestTimeout: 30, keepAliveTimeout: 75, drainDelay: 0, drainTimeout: 20, accessLog: false,
    });
    expect(read('--store s3://models/prod --model a,b').origin).toEqual({ kind: 'registry', store: 's3://models/prod', names: ['a', 'b'], alias: 'production' });
    expect(read('--folder a --online-features b --feature-log c')).toMatchObject({ onlineFeatures: { path: 'b', maximumAgeDays: Infinity }, featureLog: { path: 'c', limit: 67_108_864 } });
    expect(read('--folder a --online-features b,d --online-age 1.5')).toMatchObject({ onlineFeatures: { path: 'b,d', maximumAgeDays: 1.5 } });
    expect(read('--store a --model m --model-version 3').origin).toEqual({ kind: 'registry', store: 'a', names: ['m'], alias: 'production', version: 3 });
  });

  it('come from flags and variables, and the flag wins', () => {
    const environment = { PIPEWRIGHT_SERVING_FOLDER: '/models', PIPEWRIGHT_SERVING_MODEL: 'x', PIPEWRIGHT_SERVING_PORT: '1', PIPEWRIGHT_SERVING_HOST: '0.0.0.0', PIPEWRIGHT_SERVING_ACCESS_LOG: 'on', PIPEWRIGHT_SERVING_POLL: '' };
    expect(read('--port=2 --drain-delay 0.5', environment)).toMatchObject({ origin: { folder: '/models', name: 'x' }, port: 2, host: '0.0.0.0', accessLog: true, pollSeconds: 10, drainDelay: 0.5 });
  });

  it.each([
    ['', ['It is not said where the model is.']],
    ['--store a', ['It is not said which model of the registry to serve.']],
    ['--store a --folder b --model m', ['Both --store and --folder are given.']],
    ['--folder a --alias x', ['--alias is given, but a folder has no aliases.']],
    ['--folder a --model x,y', ['--folder serves one model, but --model names 2.']],
    ['--store a --model m --model-version v3', ['--model-version is "v3", which is no version of a registry.']],
    ['--store a --model m,n --model-version 3 --alias x', ['--model-version is for one model, but --model names 2.', 'Both --alias and --model-version are given.']],
    ['--store a --model m,m', ['--model names a model twice: m, m.']],
    ['--folder a --model a/b', ['"a/b" cannot be the name of a model in a URL.']],
    ['--folder a --pot 1', ['There is no option --pot. Did you mean --port?']],
    ['--folder a stray', ['The argument "stray" belongs to no option.']],
    ['--folder', ['--folder has no value.', 'It is not said where the model is.']],
    ['--folder --port 1', ['--folder has no value.', 'It is not said', 'The argument "1" belongs to no option.']],
    ['--folder a --port 70000 --poll soon --access-log yes --host a/b', ['--port is "70000"; it must be a whole number from 0 to 65535.', '--poll is "soon"; it must be a number', '--access-log is "yes"; it must be on or off.', '--host is "a/b", which is not an address.']],
    ['--folder a --port 1.5', ['whole number']],
    ['--folder a --body-limit -1', ['--body-limit is "-1"']],
    ['--folder a --headers-timeout 40', ['--headers-timeout (40) is longer than --request-timeout (30)']],
  ])('refuse "%s", all problems at once', (flags, expected) => {
    const found = problems(flags);
    expect(found).toHaveLength(expected.length);
    for (const words of expected) expect(found.join('\n')).toContain(words);
  });

  it('refuse a misspelt variable, which would silently do nothing', () => {
    expect(problems('--folder a', { PIPEWRIGHT_SERVING_BODYLIMIT: '1' })).toEqual(['There is no setting PIPEWRIGHT_SERVING_BODYLIMIT. Did you mean PIPEWRIGHT_SERVING_BODY_LIMIT?']);
  });

  it('are not confused by what Kubernetes sets beside a Service named pipewright-serving', () => {
    const links = {
      PIPEWRIGHT_SERVING_PORT: 'tcp://10.96.0.7:80', PIPEWRIGHT_SERVING_SERVICE_HOST: '10.96.0.7', PIPEWRIGHT_SERVING_SERVICE_PORT: '80', PIPEWRIGHT_SERVING_SERVICE_PORT_HTTP: '80',
      PIPEWRIGHT_SERVING_PORT_80_TCP: 'tcp://10.96.0.7:80', PIPEWRIGHT_SERVING_PORT_80_TCP_ADDR: '10.96.0.7', PIPEWRIGHT_SERVING_PORT_80_TCP_PORT: '80', PIPEWRIGHT_SERVING_PORT_80_TCP_PROTO: 'tcp',
    };
    expect(read('--folder a', links)).toMatchObject({ port: 8080, host: '127.0.0.1' });
  });

  it('say which variable is wrong', () => {
    expect(problems('--folder a', { PIPEWRIGHT_SERVING_PORT: 'http' })[0]).toContain('PIPEWRIGHT_SERVING_PORT is "http"');
  });

  it('explain themselves', () => {
    expect(readSettings(['--help'], {})).toBe('help');
    expect(readSettings(['-h', '--nonsense'], {})).toBe('help');
    for (const words of ['--folder PATH', '[PIPEWRIGHT_SERVING_DRAIN_DELAY]', 'Default: 127.0.0.1.', 'SIGHUP']) expect(HELP).toContain(words);
  });
});
