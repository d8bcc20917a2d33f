import { PipewrightError } from '../../dsl/errors/index.ts';

/** Where an MLflow server is, and how one is let in. Credentials are in no text that is ever printed. */
export interface MlflowSettings {
  /** Without credentials and without a slash at the end. */
  readonly address: string;
  /** The Authorization header, if there is one. */
  readonly authorization?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables are those of MLflow's own client. A name and password in the address win over them. */
export function readMlflowSettings(given: string | undefined, environment: Environment): MlflowSettings {
  const text = given ?? (environment['MLFLOW_TRACKING_URI'] || undefined);
  if (text === undefined) {
    throw new PipewrightError({ code: 'PW901', message: 'No MLflow server is named.', fix: 'Give its address with --tracking-uri http://host:5000, or set MLFLOW_TRACKING_URI.' });
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    // A text that is no address may still hold a password before an @.
    throw new PipewrightError({ code: 'PW901', message: `"${text.replace(/^([^/]*\/\/)?[^/]*@/, '$1…@')}" is not the address of an MLflow server.`, fix: 'Give an http or https address, such as http://127.0.0.1:5000. Folders and databases are reached through "mlflow server".' });
  }
  const [name, password] = url.username === '' ? [environment['MLFLOW_TRACKING_USERNAME'], environment['MLFLOW_TRACKING_PASSWORD']] : [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  const token = environment['MLFLOW_TRACKING_TOKEN'];
  const authorization = name ? `Basic ${Buffer.from(`${name}:${password ?? ''}`).toString('base64')}` : token ? `Bearer ${token}` : undefined;
  return { address: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, ...(authorization === undefined ? {} : { authorization }) };
}
