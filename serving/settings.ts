import { parseArgs } from 'node:util';
import { PipewrightError, type Issue } from '../dsl/errors/index.ts';
import { closest } from '../dsl/util/index.ts';

/** Where the model comes from. */
export type ModelOrigin =
  | { readonly kind: 'folder'; readonly folder: string; /** Default: the one in the model's document. */ readonly name: string | undefined; readonly version: string | undefined }
  | { readonly kind: 'registry'; readonly store: string; readonly names: readonly string[]; readonly alias: string; /** Serves this one for good, whatever the alias points to. */ readonly version?: number };

/** All settings of the server. Times are in seconds. */
export interface ServingSettings {
  readonly origin: ModelOrigin;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Between two looks at the origin; 0: only on SIGHUP. */
  readonly pollSeconds: number;
  /** Bytes of a request's body, also after decompression. */
  readonly bodyLimit: number;
  /** For a client to send its headers, and its whole request. */
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** That an idle connection is kept. */
  readonly keepAliveTimeout: number;
  /** Between "not ready" and the end of new connections, for load balancers to notice. */
  readonly drainDelay: number;
  /** That requests in flight may take after it. */
  readonly drainTimeout: number;
  readonly accessLog: boolean;
  /** Files with the latest feature rows by key, with commas between them, and the age from which on a row is not used; without any no model can be asked by key. */
  readonly onlineFeatures?: { readonly path: string; readonly maximumAgeDays: number } | undefined;
  /** File for the feature rows that are served, and how many bytes it may have. */
  readonly featureLog?: { readonly path: string; readonly limit: number } | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** One setting: its flag, its variable `PIPEWRIGHT_SERVING_…`, and what `--help` says. */
interface Option {
  readonly flag: string;
  readonly variable: string;
  readonly placeholder: string;
  readonly help: string;
  readonly default?: string;
}

const option = (flag: string, placeholder: string, help: string, byDefault?: string): Option => ({
  flag,
  variable: `PIPEWRIGHT_SERVING_${flag.toUpperCase().replaceAll('-', '_')}`,
  placeholder,
  help,
  ...(byDefault === undefined ? {} : { default: byDefault }),
});

const OPTIONS = [
  option('store', 'LOCATION', 'Serve from the registry in this store: a folder, or s3://bucket/prefix.'),
  option('folder', 'PATH', 'Serve the model in this folder, without a registry.'),
  option('model', 'NAME', 'Name of the model; with --store several, with commas between them. With --folder it may be left out.'),
  option('alias', 'NAME', 'Alias of the version to serve, with --store.', 'production'),
  option('model-version', 'VERSION', 'With --store: serve this version for good, and follow no alias. With --folder: version to report; default: taken from the digest of the files.'),
  option('host', 'ADDRESS', 'Address to listen on; 0.0.0.0 for all.', '127.0.0.1'),
  option('port', 'NUMBER', 'Port to listen on; 0 for any free one, which is then printed.', '8080'),
  option('poll', 'SECONDS', 'Time between two looks for a newer version; 0 for only on SIGHUP.', '10'),
  option('body-limit', 'BYTES', 'Largest body of a request.', '1048576'),
  option('headers-timeout', 'SECONDS', 'Time for a client to send its headers.', '10'),
  option('request-timeout', 'SECONDS', 'Time for a client to send its whole request.', '30'),
  option('keep-alive-timeout', 'SECONDS', 'Time that an idle connection is kept; longer than a load balancer in front keeps it.', '75'),
  option('drain-delay', 'SECONDS', 'After SIGTERM: time to go on answering while not ready.', '0'),
  option('drain-timeout', 'SECONDS', 'After that: time for requests in flight to end.', '20'),
  option('access-log', 'on|off', 'Print one line of JSON for each request to standard error.', 'off'),
  option('online-features', 'PATH', 'Answer for keys too: the latest feature rows, as featurize writes them; several files with commas between them. Read again at each poll.'),
  option('online-age', 'DAYS', 'Age from which on an online row is stale, counted from its day; 0 for none.', '0'),
  option('feature-log', 'PATH', 'Append the feature rows that are computed from bars or looked up to this file, for pipewright skew.'),
  option('feature-log-limit', 'BYTES', 'Size from which on nothing is appended.', '67108864'),
] as const;

/** The text of `--help`. */
export const HELP = [
  'Usage: pipewright serve --store LOCATION --model NAME [options]',
  '       pipewright serve --folder PATH [options]',
  '',
  'Serves a model over HTTP: the Open Inference Protocol (V2), V1 predict, and Prometheus metrics at /metrics.',
  'Prints "Listening on http://HOST:PORT" on standard output; GET /v2/health/ready tells when the model is ready.',
  '',
  'Every option can be given as an environment variable too; the option wins.',
  '',
  ...OPTIONS.flatMap(({ flag, variable, placeholder, help, default: byDefault }) => [
    `  --${flag} ${placeholder}`,
    `      ${help}${byDefault === undefined ? '' : ` Default: ${byDefault}.`} [${variable}]`,
  ]),
  '  --help',
  '      Print this text.',
  '',
  'SIGHUP looks for a newer version at once. SIGTERM finishes the requests in flight and exits with 0.',
  '',
].join('\n');

const ENVIRONMENT_PREFIX = 'PIPEWRIGHT_SERVING_';
/** What Kubernetes sets in every pod beside a Service named `pipewright-serving`: `…_SERVICE_HOST`, `…_PORT_8080_TCP` and so on. */
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_\w+)$/;
/** And `…_PORT` itself, as an address. */
const SERVICE_ADDRESS = /^(tcp|udp|sctp):\/\//;

/** Reads flags and environment. Throws PW601 with everything that is wrong at once; `help` asks for {@link HELP}. */
export function readSettings(argv: readonly string[], environment: Environment): ServingSettings | 'help' {
  const issues: Issue[] = [];
  const refuse = (message: string, fix: string): void => void issues.push({ code: 'PW601', message, fix });
  const flags = readFlags(argv, refuse);
  if (flags.has('help')) return 'help';
  refuseUnknownVariables(environment, refuse);

  const given = (name: string): { readonly text: string; readonly source: string } | undefined => {
    const { flag, variable } = OPTIONS.find((each) => each.flag === name)!;
    const fromFlag = flags.get(flag);
    if (fromFlag !== undefined) return { text: fromFlag, source: `--${flag}` };
    const fromVariable = environment[variable];
    return fromVariable === undefined || fromVariable === '' || SERVICE_ADDRESS.test(fromVariable) ? undefined : { text: fromVariable, source: variable };
  };
  const text = (name: string): { readonly text: string; readonly source: string } =>
    given(name) ?? { text: OPTIONS.find((each) => each.flag === name)!.default ?? '', source: `--${name}` };
  const number = (name: string, { least, most, whole = false }: { least: number; most: number; whole?: boolean }): number => {
    const { text: written, source } = text(name);
    const value = /^\d+(\.\d+)?$/.test(written) ? Number(written) : NaN;
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    refuse(`${source} is "${written}"; it must be ${whole ? 'a whole number' : 'a number'} from ${least} to ${most}.`, `Give ${source} such a number, or leave it out.`);
    return NaN;
  };
  const seconds = (name: string, least: number): number => number(name, { least, most: 86_400 });

  const host = text('host');
  if (!/^[A-Za-z0-9.:_-]+$/.test(host.text)) refuse(`${host.source} is "${host.text}", which is not an address.`, 'Give an address or a host name, without port, for example 127.0.0.1.');
  const accessLog = text('access-log');
  if (accessLog.text !== 'on' && accessLog.text !== 'off') refuse(`${accessLog.source} is "${accessLog.text}"; it must be on or off.`, `Give ${accessLog.source} the word on or off.`);

  const readOnline = (): ServingSettings['onlineFeatures'] => {
    const [path, days] = [given('online-features')?.text, number('online-age', { least: 0, most: 36_500 })];
    return path === undefined ? undefined : { path, maximumAgeDays: days === 0 ? Infinity : days };
  };
  const readFeatureLog = (): ServingSettings['featureLog'] => {
    const [path, limit] = [given('feature-log')?.text, number('feature-log-limit', { least: 1024, most: 2 ** 40, whole: true })];
    return path === undefined ? undefined : { path, limit };
  };

  const settings: ServingSettings = {
    origin: readOrigin(given, text('alias').text, refuse),
    host: host.text,
    port: number('port', { least: 0, most: 65_535, whole: true }),
    pollSeconds: seconds('poll', 0),
    bodyLimit: number('body-limit', { least: 1024, most: 256 * 1024 * 1024, whole: true }),
    headersTimeout: seconds('headers-timeout', 0.1),
    requestTimeout: seconds('request-timeout', 0.1),
    keepAliveTimeout: seconds('keep-alive-timeout', 0.1),
    drainDelay: seconds('drain-delay', 0),
    drainTimeout: seconds('drain-timeout', 0),
    accessLog: accessLog.text === 'on',
    onlineFeatures: readOnline(),
    featureLog: readFeatureLog(),
  };
  if (settings.headersTimeout > settings.requestTimeout) {
    refuse(`--headers-timeout (${settings.headersTimeout}) is longer than --request-timeout (${settings.requestTimeout}), which includes it.`, 'Give the headers at most the time of the whole request.');
  }
  if (issues.length > 0) throw new PipewrightError(issues);
  return settings;
}

type Refuse = (message: string, fix: string) => void;

function readFlags(argv: readonly string[], refuse: Refuse): ReadonlyMap<string, string> {
  const flags = new Map<string, string>();
  const { tokens } = parseArgs({
    args: [...argv],
    options: { ...Object.fromEntries(OPTIONS.map(({ flag }) => [flag, { type: 'string' }])), help: { type: 'boolean', short: 'h' } },
    strict: false,
    tokens: true,
  });
  const known = [...OPTIONS.map(({ flag }): string => flag), 'help'];
  let afterUnknown = -1;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      // The value of an option that was refused already.
      if (token.index === afterUnknown) continue;
      refuse(`The argument "${token.value}" belongs to no option.`, 'Give every value with its option, for example --folder ./model; see --help.');
    } else if (!known.includes(token.name)) {
      const meant = closest(token.name, known);
      afterUnknown = token.index + 1;
      refuse(`There is no option ${token.rawName}.`, meant ? `Did you mean --${meant}?` : 'See --help for all options.');
    } else if (token.name === 'help') flags.set('help', '');
    else if (token.value === undefined || (!token.inlineValue && token.value.startsWith('--'))) refuse(`${token.rawName} has no value.`, `Give it one, or leave ${token.rawName} out.`);
    else flags.set(token.name, token.value);
  }
  return flags;
}

/** A misspelt variable would otherwise be a setting that silently does nothing. */
function refuseUnknownVariables(environment: Environment, refuse: Refuse): void {
  const known: readonly string[] = OPTIONS.map(({ variable }) => variable);
  const endOf = (variable: string): string => variable.slice(ENVIRONMENT_PREFIX.length);
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(ENVIRONMENT_PREFIX) || known.includes(name) || SERVICE_LINK.test(name)) continue;
    const meant = closest(endOf(name), known.map(endOf));
    if (meant) refuse(`There is no setting ${name}.`, `Did you mean ${ENVIRONMENT_PREFIX}${meant}?`);
  }
}

function readOrigin(given: (name: string) => { readonly text: string; readonly source: string } | undefined, alias: string, refuse: Refuse): ModelOrigin {
  const [store, folder, model, version] = ['store', 'folder', 'model', 'model-version'].map((name) => given(name)?.text);
  const names = (model ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '');
  for (const name of names) {
    if (!/^[A-Za-z0-9._-]+$/.test(name)) refuse(`"${name}" cannot be the name of a model in a URL.`, 'Use letters, digits, ".", "_" and "-".');
  }
  if (new Set(names).size < names.length) refuse(`--model names a model twice: ${names.join(', ')}.`, 'Name each model once.');
  if (store !== undefined && folder !== undefined) refuse('Both --store and --folder are given.', 'Give one of them: a registry, or a single model.');
  if (folder !== undefined) {
    if (names.length > 1) refuse(`--folder serves one model, but --model names ${names.length}.`, 'Give one name.');
    if (given('alias')) refuse('--alias is given, but a folder has no aliases.', 'Leave --alias out, or serve from a registry with --store.');
    return { kind: 'folder', folder, name: names[0], version };
  }
  if (store === undefined) refuse('It is not said where the model is.', 'Give --store and --model for a model of the registry, or --folder for a folder with a model.');
  else if (names.length === 0) refuse('It is not said which model of the registry to serve.', 'Give its name with --model.');
  if (version === undefined) return { kind: 'registry', store: store ?? '', names, alias };
  if (!/^[1-9][0-9]{0,7}$/.test(version)) refuse(`--model-version is "${version}", which is no version of a registry.`, 'Give the number of a version, or leave it out to follow the alias.');
  if (names.length > 1) refuse(`--model-version is for one model, but --model names ${names.length}.`, 'Give one name, or let the alias decide the version of each.');
  if (given('alias')) refuse('Both --alias and --model-version are given.', 'Give one of them: an alias that is followed, or a version that stays.');
  return { kind: 'registry', store: store ?? '', names, alias, version: Number(version) };
}
