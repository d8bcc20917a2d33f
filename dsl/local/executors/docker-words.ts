import type { Resources } from '../../contract/index.ts';

export interface ContainerPlan {
  readonly container: string;
  readonly image: string;
  /** The program and its arguments. */
  readonly words: readonly string[];
  readonly mounts: readonly { readonly from: string; readonly to: string; readonly readOnly: boolean }[];
  readonly environment: Readonly<Record<string, string>>;
  /** Names only: the client takes their values from its own environment, so that no key stands on a command line. */
  readonly secrets: readonly string[];
  readonly resources: Resources;
  readonly labels: Readonly<Record<string, string>>;
  readonly user: string;
  readonly pull: 'always' | 'missing' | 'never';
  readonly network: string | undefined;
}

/** The words of `docker run` for a plan. `--init`, because a program that is process 1 is deaf to SIGTERM unless it listens. */
export function dockerWords(plan: ContainerPlan): readonly string[] {
  const [program = '', ...rest] = plan.words;
  const memory = plan.resources.limits?.memory ?? plan.resources.memory;
  const cpu = plan.resources.limits?.cpu;
  return [
    'docker', 'run', '--rm', '--init',
    '--name', plan.container,
    '--user', plan.user,
    '--workdir', plan.mounts[0]?.to ?? '/',
    `--pull=${plan.pull}`,
    ...(plan.network === undefined ? [] : ['--network', plan.network]),
    ...plan.mounts.flatMap(({ from, to, readOnly }) => ['--mount', mountText(from, to, readOnly)]),
    ...Object.entries(plan.environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...plan.secrets.flatMap((name) => ['--env', name]),
    ...Object.entries(plan.labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
    ...(memory === undefined ? [] : ['--memory', String(Math.ceil(quantityOf(memory)))]),
    ...(cpu === undefined ? [] : ['--cpus', String(quantityOf(cpu))]),
    '--entrypoint', program, plan.image, ...rest,
  ];
}

/** One value of `--mount` is a line of CSV: a field with a comma or a quotation mark is quoted. */
function mountText(from: string, to: string, readOnly: boolean): string {
  const fields = ['type=bind', `source=${from}`, `target=${to}`, ...(readOnly ? ['readonly'] : [])];
  return fields.map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}

const SCALES: Readonly<Record<string, number>> = { '': 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** The number in a Kubernetes quantity: `500m` is 0.5, `512Mi` is 536870912. */
export function quantityOf(text: string): number {
  const [, number, suffix = ''] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(text) ?? [];
  const scale = SCALES[suffix];
  if (number === undefined || scale === undefined) throw new RangeError(`"${text}" is not a Kubernetes quantity`);
  return Number(number) * scale;
}
