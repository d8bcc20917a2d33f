import { digestOf } from '../../dsl/util/index.ts';

/** A Service has at most 63 (RFC 1035 label), and KServe puts this behind the name. */
const LONGEST = 63 - '-predictor'.length;
const HASH_DIGITS = 8;

/** What all objects of one version of a model are called: `<model>-v<version>`. A name that is too long is cut, with a hash of all of it. */
export function versionName(model: string, version: number): string {
  const end = `-v${version}`;
  if (model.length + end.length <= LONGEST) return startWithLetter(model) + end;
  const hash = digestOf(model).slice('sha256:'.length, 'sha256:'.length + HASH_DIGITS);
  return `${startWithLetter(model.slice(0, LONGEST - end.length - HASH_DIGITS - 3).replace(/-+$/, ''))}-${hash}${end}`;
}

/** The version in a name that `versionName` made, or that KServe made of one; undefined for any other. */
export function versionOfName(name: string): number | undefined {
  const digits = /-v([1-9][0-9]*)(-predictor)?$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The registry allows names that begin with a digit, a Service does not. */
function startWithLetter(name: string): string {
  return /^[a-z]/.test(name) ? name : `m-${name}`;
}
