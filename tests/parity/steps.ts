import { artifact, t, type InputPorts, type OutputPorts, type ParameterPorts, type ResultPorts, type Step } from '../../dsl/contract/index.ts';
import { shell as shellStep } from '../local/pipelines.ts';

/*
 * The steps of the corpus: lines of shell that busybox and any other POSIX shell understand alike. On a laptop they run
 * in its own shell, on a cluster in an image with nothing but busybox.
 */

/** One pod more or less costs a second of two processors: it asks for next to nothing. */
const RESOURCES = { cpu: '5m', memory: '64Mi' };
const IMAGE = 'busybox:1.36';

/** As the local tests write a step, in the corpus's image. */
export function shell<
  const P extends ParameterPorts = {}, const I extends InputPorts = {}, const O extends OutputPorts = {}, const R extends ResultPorts = {},
>(name: string, script: string, ports: { parameters?: P; inputs?: I; outputs?: O; results?: R } = {}): Step<P, I, O, R> {
  return shellStep<P, I, O, R>(name, script, { ...ports, image: IMAGE, resources: RESOURCES });
}

const COPY = 'printf %s "$1" > "$2"';

/** Gives back what it is given. */
export const say = shell('say', COPY, { parameters: { text: t.string() }, results: { text: t.string() } });
export const keep = shell('keep', COPY, { parameters: { value: t.json() }, results: { value: t.json() } });
export const keepTexts = shell('keep-texts', COPY, { parameters: { texts: t.list(t.string()) }, results: { texts: t.list(t.string()) } });
export const keepNumbers = shell('keep-numbers', COPY, { parameters: { numbers: t.list(t.number()) }, results: { numbers: t.list(t.number()) } });
export const keepNumber = shell('keep-number', COPY, { parameters: { n: t.number() }, results: { n: t.number() } });
export const keepInteger = shell('keep-integer', COPY, { parameters: { n: t.integer() }, results: { n: t.integer() } });
export const keepFlag = shell('keep-flag', COPY, { parameters: { flag: t.boolean() }, results: { flag: t.boolean() } });

const SIX = 'printf %s "$1" > "$7"; printf %s "$2" > "$8"; printf %s "$3" > "$9"; printf %s "$4" > "${10}"; printf %s "$5" > "${11}"; printf %s "$6" > "${12}"';

const sixTexts = { a: t.string(), b: t.string(), c: t.string(), d: t.string(), e: t.string(), f: t.string() };
const sixNumbers = { a: t.number(), b: t.number(), c: t.number(), d: t.number(), e: t.number(), f: t.number() };
const sixFlags = { a: t.boolean(), b: t.boolean(), c: t.boolean(), d: t.boolean(), e: t.boolean(), f: t.boolean() };
const sixValues = { a: t.json(), b: t.json(), c: t.json(), d: t.json(), e: t.json(), f: t.json() };
/** Six values at a time: a pod is dear. */
export const texts = shell('texts', SIX, { parameters: sixTexts, results: sixTexts });
export const numbers = shell('numbers', SIX, { parameters: sixNumbers, results: sixNumbers });
export const flags = shell('flags', SIX, { parameters: sixFlags, results: sixFlags });
export const values = shell('values', SIX, { parameters: sixValues, results: sixValues });

export const write = shell('write', 'printf %s "$1" > "$2"; printf %s "$1" | wc -c > "$3"', { parameters: { text: t.string() }, outputs: { file: artifact.file() }, results: { size: t.integer() } });
export const read = shell('read', 'cat "$1" > "$2"', { inputs: { file: artifact.file() }, results: { text: t.string() } });
/** `absent`, or what is in the file. */
export const readIfThere = shell('read-if-there', 'if [ -e "$1" ]; then cat "$1" > "$2"; else printf absent > "$2"; fi', { inputs: { file: artifact.optional(artifact.file()) }, results: { text: t.string() } });
/** A folder with a file of that text, another in a folder below, and one whose name has odd characters. */
export const fill = shell('fill', 'mkdir -p "$2/deep/er" && printf %s "$1" > "$2/top" && printf "%s below" "$1" > "$2/deep/er/leaf" && : > "$2/a b+%41"', { parameters: { text: t.string() }, outputs: { folder: artifact.directory() } });

/** Every file below a folder with its content, in the order of their names: `./a=1;./b/c=2;`. */
const LIST = 'cd "$1" && find . -type f | LC_ALL=C sort | while IFS= read -r file; do printf "%s=" "$file"; cat "$file"; printf ";"; done';
export const list = shell('list', `(${LIST}) > "$2"`, { inputs: { folder: artifact.directory() }, results: { text: t.string() } });
export const gather = shell('gather', `(${LIST}) > "$2"`, { inputs: { files: artifact.many(artifact.file()) }, results: { text: t.string() } });
export const gatherFolders = shell('gather-folders', `(${LIST}) > "$2"`, { inputs: { folders: artifact.many(artifact.directory()) }, results: { text: t.string() } });

/** Ends with the given code; with 0 it gives back its text. */
export const end = shell('end', '[ "$1" = 0 ] || exit "$1"; printf %s "$2" > "$3"', { parameters: { code: t.integer(), text: t.string({ default: 'done' }) }, results: { text: t.string() } });
/**
 * Asks a counter how often it was asked (see counter.ts), and fails until that is often enough. What it writes before
 * it fails must not count.
 */
export const flaky = shell('flaky', 'n=$(wget -qO- "$1") && printf "attempt %s" "$n" > "$4" && printf "%s" "$n" > "$5" && [ "$n" -ge "$2" ] || exit "$3"', {
  parameters: { counter: t.string(), least: t.integer(), code: t.integer({ default: 1 }) }, outputs: { file: artifact.file() }, results: { n: t.integer() },
});
export const sleep = shell('sleep', 'trap "kill \\$!; exit 143" TERM; sleep "$1" & wait $!; printf slept > "$2"', { parameters: { seconds: t.integer() }, results: { text: t.string() } });
