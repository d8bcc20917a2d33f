import { artifact, t } from '../../dsl/contract/index.ts';
import { checked, shell } from './pipelines.ts';
import { double } from './steps/double/contract.ts';

const blob = shell('blob', 'seq 1 $((40000 + $1)) > "$2"', { parameters: { n: t.integer() }, outputs: { file: artifact.file() } });
const leaves = shell('leaves', 'mkdir "$2"; for i in 1 2 3; do head -c $((i * 30000)) "$1" > "$2/$i"; done; sleep 0.03; echo 6 > "$3"', {
  inputs: { file: artifact.file() }, outputs: { folder: artifact.directory() }, results: { n: t.integer() },
});
const gather = shell('gather', 'cat "$2"/*/* | cksum | cut -d" " -f1 > "$4"; (cd "$2" && ls -R) > "$3"; echo "$1" >> "$3"', {
  parameters: { counts: t.list(t.integer()) }, inputs: { folders: artifact.many(artifact.directory()) }, outputs: { list: artifact.file() }, results: { sum: t.integer() },
});

/** Some half a second of work: files of some 200 KB, folders, results, a TypeScript step, a loop. */
export const killable = checked('killable', {}, ({ forEach, task }) => {
  const twice = task(double, { n: 21 });
  const each = forEach([1, 2, 3], (n, { task }) => {
    const { folder, n: count } = task(leaves, { file: task(blob, { n }).file });
    return { folder, count };
  });
  const gathered = task(gather, { counts: each.count, folders: each.folder });
  task(blob, { n: gathered.sum.minus(gathered.sum).plus(twice.twice) }, { name: 'last' });
});
