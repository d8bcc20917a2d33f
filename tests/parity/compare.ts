import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openDirectoryStore, putArtifact } from '../../store/index.ts';
import { canonicalJson, type Digest, type Json } from '../../dsl/util/index.ts';
import type { Outcome } from './outcome.ts';
import type { Content, Expected, ExpectedTask } from './parity-case.ts';

/** Where a run is not as the corpus says, one sentence each. Empty when all is well. */
export async function compareWithStatement(expected: Expected, outcome: Outcome, where: 'laptop' | 'cluster'): Promise<readonly string[]> {
  const differences: string[] = [];
  const different = { status: where === 'cluster' ? expected.onCluster?.status : undefined, tasks: where === 'cluster' ? expected.onCluster?.tasks : undefined };
  const wanted = different.status ?? expected.status;
  if (outcome.status !== wanted) differences.push(`the run is ${outcome.status} and not ${wanted}${outcome.message === undefined ? '' : ` (${outcome.message})`}`);
  for (const name of Object.keys(outcome.tasks)) if (!Object.hasOwn(expected.tasks, name)) differences.push(`${name} is not in the statement`);
  for (const [name, demand] of Object.entries(expected.tasks)) {
    const found = outcome.tasks[name];
    const status = different.tasks?.[name] ?? demand.status;
    if (found === undefined) differences.push(`${name} is not there`);
    else if (found.status !== status) differences.push(`${name} is ${found.status} and not ${status}${found.message === undefined ? '' : ` (${found.message})`}`);
    else if (status === demand.status) differences.push(...(await compareTask(name, demand, found)));
  }
  return differences;
}

async function compareTask(name: string, demand: ExpectedTask, found: Outcome['tasks'][string]): Promise<readonly string[]> {
  const differences: string[] = [];
  if (demand.attempts !== undefined && found.attempts !== demand.attempts) differences.push(`${name} was tried ${found.attempts} times and not ${demand.attempts}`);
  for (const [result, value] of Object.entries(demand.results ?? {})) differences.push(...compareValue(`${name}.${result}`, value, found.results[result]));
  for (const [output, content] of Object.entries(demand.outputs ?? {})) {
    const digest = await digestOfContent(content);
    if (found.outputs[output] !== digest) differences.push(`${name}.${output} is ${found.outputs[output] ?? 'not there'} and not ${digest}`);
  }
  return differences;
}

/** Where two runs of one pipeline differ, but for what the statement itself lists as different. */
export function compareOutcomes(laptop: Outcome, cluster: Outcome, different: Expected['onCluster'] = {}): readonly string[] {
  const differences: string[] = [];
  if (laptop.status !== cluster.status && different.status === undefined) differences.push(`the run is ${laptop.status} on the laptop, ${cluster.status} on the cluster`);
  for (const name of new Set([...Object.keys(laptop.tasks), ...Object.keys(cluster.tasks)])) {
    const [here, there] = [laptop.tasks[name], cluster.tasks[name]];
    if (here === undefined || there === undefined) differences.push(`${name} is only on the ${here === undefined ? 'cluster' : 'laptop'}`);
    else if (different.tasks?.[name] === undefined) differences.push(...compareTasks(name, here, there));
  }
  return differences;
}

function compareTasks(name: string, here: Outcome['tasks'][string], there: Outcome['tasks'][string]): readonly string[] {
  if (here.status !== there.status) return [`${name} is ${here.status} on the laptop, ${there.status} on the cluster${there.message === undefined ? '' : ` (${there.message})`}`];
  const differences: string[] = [];
  if (here.status !== 'Succeeded') return here.status === 'Failed' && here.attempts > 0 && here.attempts !== there.attempts ? [`${name} was tried ${here.attempts} times on the laptop, ${there.attempts} on the cluster`] : [];
  if (here.attempts !== there.attempts) differences.push(`${name} was tried ${here.attempts} times on the laptop, ${there.attempts} on the cluster`);
  for (const result of new Set([...Object.keys(here.results), ...Object.keys(there.results)])) differences.push(...compareValue(`${name}.${result} on the cluster`, here.results[result], there.results[result]));
  for (const output of new Set([...Object.keys(here.outputs), ...Object.keys(there.outputs)])) {
    if (here.outputs[output] !== there.outputs[output]) differences.push(`${name}.${output} is ${here.outputs[output]} on the laptop, ${there.outputs[output]} on the cluster`);
  }
  return differences;
}

function compareValue(name: string, wanted: Json | undefined, found: Json | undefined): readonly string[] {
  const [a, b] = [wanted, found].map((value) => (value === undefined ? 'not there' : canonicalJson(value)));
  return a === b ? [] : [`${name} is ${shorten(b!)} and not ${shorten(a!)}`];
}

function shorten(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
}

/** The digest that the store gives to such a file or folder. */
async function digestOfContent(content: Content): Promise<Digest> {
  const root = await mkdtemp(join(tmpdir(), 'pipewright-parity-'));
  try {
    const path = join(root, 'content');
    if (typeof content === 'string' || content instanceof Uint8Array) await writeFile(path, content);
    else {
      await mkdir(path);
      for (const [inner, bytes] of Object.entries(content)) {
        await mkdir(dirname(join(path, inner)), { recursive: true });
        await writeFile(join(path, inner), bytes);
      }
    }
    return (await putArtifact(await openDirectoryStore(join(root, 'store')), path)).digest;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
