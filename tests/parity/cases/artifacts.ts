import { artifact } from '../../../dsl/contract/index.ts';
import { did, parity, type ParityCase } from '../parity-case.ts';
import { fill, list, read, readIfThere, say, shell, write } from '../steps.ts';

/* Files and folders, byte for byte. */

const BYTES = Uint8Array.from({ length: 256 }, (_, index) => index);
const OCTAL = Array.from(BYTES, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
const binary = shell('binary', `printf '${OCTAL}' > "$1"`, { outputs: { file: artifact.file() } });
const copy = shell('copy', 'cp "$1" "$2"; wc -c < "$1" > "$3"', { inputs: { file: artifact.file() }, outputs: { file: artifact.file() }, results: { size: { type: { kind: 'integer' } } } });
const copyFolder = shell('copy-folder', 'cp -r "$1" "$2"', { inputs: { folder: artifact.directory() }, outputs: { folder: artifact.directory() } });
const large = shell('large', 'i=0; while [ $i -lt 2000 ]; do printf "%01000d\\n" $i; i=$((i+1)); done > "$1"', { outputs: { file: artifact.file() } });
const emptyFolder = shell('empty-folder', 'mkdir -p "$1"', { outputs: { folder: artifact.directory() } });
const emptyFolderInside = shell('empty-folder-inside', 'mkdir -p "$1/none"; printf x > "$1/some"', { outputs: { folder: artifact.directory() } });
const count = shell('count', 'find "$1" -type f | wc -l | tr -d " " > "$2"', { inputs: { folder: artifact.directory() }, results: { files: { type: { kind: 'integer' } } } });
const oddNames = shell('odd-names', 'mkdir -p "$1/{{x}}" && printf 1 > "$1/{{x}}/\\$(PATH)" && printf 2 > "$1/ü 😀" && printf 3 > "$1/-n" && printf 4 > "$1/.hidden" && printf 5 > "$1/000000"', { outputs: { folder: artifact.directory() } });
const overwrite = shell('overwrite', 'printf changed > "$1"; cat "$1" > "$2"', { inputs: { file: artifact.file() }, results: { text: { type: { kind: 'string' } } } });
const noArguments = shell('no-arguments', ':', {});

export const artifactCases: readonly ParityCase[] = [
  parity('file-chain', {}, ({ task }) => {
    const first = task(write, { text: 'one\n' });
    const second = task(copy, { file: first.file });
    task(read, { file: second.file });
  }, { write: did({ size: 4 }, { file: 'one\n' }), copy: did({ size: 4 }, { file: 'one\n' }), read: did({ text: 'one' }) }),
  parity('file-of-all-bytes', {}, ({ task }) => {
    const made = task(binary, {});
    task(copy, { file: made.file });
  }, { binary: did({}, { file: BYTES }), copy: did({ size: 256 }, { file: BYTES }) }),
  parity('file-empty', {}, ({ task }) => {
    const made = task(write, { text: '' });
    task(copy, { file: made.file });
  }, { write: did({ size: 0 }, { file: '' }), copy: did({ size: 0 }, { file: '' }) }),
  parity('file-large', {}, ({ task }) => {
    const made = task(large, {});
    task(copy, { file: made.file });
  }, { large: did(), copy: did({ size: 2_002_000 }) }),
  parity('file-read-by-two', {}, ({ task }) => {
    const made = task(write, { text: 'shared' });
    const first = task(overwrite, { file: made.file }, { name: 'changes-its-copy' });
    task(read, { file: made.file }, { after: [first] });
  }, { write: did({}, { file: 'shared' }), 'changes-its-copy': did({ text: 'changed' }), read: did({ text: 'shared' }) }),
  parity('file-optional', {}, ({ task }) => {
    const made = task(write, { text: 'here' });
    task(readIfThere, { file: made.file }, { name: 'with' });
    task(readIfThere, {}, { name: 'without' });
  }, { write: did(), with: did({ text: 'here' }), without: did({ text: 'absent' }) }),
  parity('folder', {}, ({ task }) => {
    const made = task(fill, { text: 'x' });
    const copied = task(copyFolder, { folder: made.folder });
    task(list, { folder: copied.folder });
  }, {
    fill: did({}, { folder: { top: 'x', 'deep/er/leaf': 'x below', 'a b+%41': '' } }), 'copy-folder': did({}, { folder: { top: 'x', 'deep/er/leaf': 'x below', 'a b+%41': '' } }),
    list: did({ text: './a b+%41=;./deep/er/leaf=x below;./top=x;' }),
  }),
  parity('folder-odd-names', {}, ({ task }) => {
    const made = task(oddNames, {});
    task(copyFolder, { folder: made.folder });
  }, { 'odd-names': did({}, { folder: { '{{x}}/$(PATH)': '1', 'ü 😀': '2', '-n': '3', '.hidden': '4', '000000': '5' } }), 'copy-folder': did({}, { folder: { '{{x}}/$(PATH)': '1', 'ü 😀': '2', '-n': '3', '.hidden': '4', '000000': '5' } }) }),
  parity('folder-empty', {}, ({ task }) => {
    const made = task(emptyFolder, {});
    task(count, { folder: made.folder });
  }, { 'empty-folder': did({}, { folder: {} }), count: did({ files: 0 }) }, { onCluster: { status: 'Error', tasks: { count: 'Error' } } }),
  parity('folder-with-empty-folder', {}, ({ task }) => {
    const made = task(emptyFolderInside, {});
    task(copyFolder, { folder: made.folder });
  }, { 'empty-folder-inside': did({}, { folder: { some: 'x' } }), 'copy-folder': did({}, { folder: { some: 'x' } }) }),
  parity('diamond', {}, ({ task }) => {
    const top = task(write, { text: 'top' });
    const left = task(read, { file: top.file }, { name: 'left' });
    const right = task(copy, { file: top.file }, { name: 'right' });
    const quiet = task(noArguments, {}, { after: [left] });
    task(readIfThere, { file: right.file }, { name: 'bottom', after: [quiet] });
  }, { write: did(), left: did({ text: 'top' }), right: did({ size: 3 }, { file: 'top' }), 'no-arguments': did(), bottom: did({ text: 'top' }) }),
  parity('keyword-names', {}, ({ task }) => {
    let last = task(say, { text: 'x' });
    for (const name of ['in', 'not', 'true']) last = task(say, { text: last.text }, { name });
  }, { say: did({ text: 'x' }), in: did({ text: 'x' }), not: did({ text: 'x' }), true: did({ text: 'x' }) }),
];
