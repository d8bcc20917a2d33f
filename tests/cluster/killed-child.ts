/**
 * A rollout in a process of its own that ends without a word just before a chosen change of the cluster or the ledger:
 * `killed-child.ts <model> <seed> <beats> <run> <changes before the end>`.
 */
import { rollOut, type Kubernetes } from '../../serving/cluster/index.ts';
import { openServingRig } from './serving-rig.ts';

const [name, seed, beats, run, limit] = process.argv.slice(2) as [string, string, string, string, string];
const rig = await openServingRig({ name });
let changes = 0;
const count = (): void => {
  if (changes++ === Number(limit)) process.kill(process.pid, 'SIGKILL');
};
const counted = (kubernetes: Kubernetes): Kubernetes => ({
  ...kubernetes,
  apply: (kind, object) => (count(), kubernetes.apply(kind, object)),
  write: (kind, object) => (count(), kubernetes.write(kind, object)),
  scale: (deployment, replicas) => (count(), kubernetes.scale(deployment, replicas)),
  remove: (kind, object) => (count(), kubernetes.remove(kind, object)),
});
const { options } = await rig.register(Number(seed), { run, beats: Number(beats) });
const ledger = { ...options.ledger, promote: () => (count(), options.ledger.promote()) };
await rollOut({ ...options, ledger, connect: (signal) => counted(options.connect(signal)) });
process.stdout.write(`finished after ${changes} changes\n`);
process.exit(0);
