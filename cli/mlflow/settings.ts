import { PipewrightError } from '../../dsl/errors/index.ts';

/** Where an MLflow server is, and how one is let in. Credentials are in no text that is ever printed. */
export interface MlflowSettings {
  /** Without credentials and without a slash at the end. */
  readonly address: string;
  /** The Authorization header, if there is one. */
  readonly authorization?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const ESCAPES = 'In the name and the password write / as %2F, @ as %40 and % as %25, or set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.';

/** The variables are those of MLflow's own client. A name and password in the address win over them. */
export function readMlflowSettings(given: string | undefined, environment: Environment): MlflowSettings {
  const text = given ?? (environment['MLFLOW_TRACKING_URI'] || undefined);
  if (text === undefined) {
    throw new PipewrightError({ code: 'PW901', message: 'No MLflow server is named.', fix: 'Give its address with --tracking-uri http://host:5000, or set MLFLOW_TRACKING_URI.' });
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // A slash in a password ends the host where nobody meant it to: the rest of it would be taken for a path.
  const isCutShort = url !== undefined && `${url.pathname}${url.search}${url.hash}`.includes('@');
  if (url === undefined || isCutShort || !['http:', 'https:'].includes(url.protocol)) {
    const hasPassword = text.includes('@');
    throw new PipewrightError({ code: 'PW901', message: `"${withoutPassword(text)}" is not the address of an MLflow server.`, fix: `Give an http or https address, such as http://127.0.0.1:5000. ${hasPassword && /^\s*https?:/i.test(text) ? ESCAPES : 'Folders and databases are reached through "mlflow server".'}` });
  }
  const authorization = authorizationOf(url, text, environment);
  return { address: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, ...(authorization === undefined ? {} : { authorization }) };
}

function authorizationOf({ username, password }: URL, text: string, environment: Environment): string | undefined {
  if (username !== '') {
    try {
      return basic(decodeURIComponent(username), decodeURIComponent(password));
    } catch {
      // The error of JavaScript is about a "URI", not about what was typed.
      throw new PipewrightError({ code: 'PW901', message: `The name or the password in "${withoutPassword(text)}" has a % that begins no character.`, fix: ESCAPES });
    }
  }
  const name = environment['MLFLOW_TRACKING_USERNAME'];
  if (name) return basic(name, environment['MLFLOW_TRACKING_PASSWORD'] ?? '');
  // A line break at the end is what is left of a file.
  const token = environment['MLFLOW_TRACKING_TOKEN']?.trim();
  if (!token) return undefined;
  // The error of fetch would repeat the whole header (RFC 9110, 5.5: visible characters and spaces).
  if (!/^[\t -~]*$/.test(token)) throw new PipewrightError({ code: 'PW901', message: 'MLFLOW_TRACKING_TOKEN holds a character that no header can carry.', fix: 'Set it to the token alone: one line of letters, digits and signs.' });
  return `Bearer ${token}`;
}

function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

/** A text that is no address may still hold a password before an @, with any characters in it. */
function withoutPassword(text: string): string {
  return text.replace(/^(\s*[a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@');
}
