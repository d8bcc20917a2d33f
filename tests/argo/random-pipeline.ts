import { pipeline, format, type Artifact, type ArtifactList, type Value } from '../../dsl/build/index.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import { artifact, defineContainerStep, t, type Word } from '../../dsl/contract/index.ts';
import type { CheckedPipeline } from '../../dsl/ir/index.ts';

/*
 * Pipelines out of a list of numbers: each number is one decision, so that fast-check can shrink a pipeline that fails
 * by shrinking the list. Everything that a pipeline can have turns up: groups in groups, joins, fallbacks, collections,
 * odd texts. All steps have one program, `work`, whose results depend on all that it is given.
 */

export const ODD_TEXTS = [
  'plain', '', ' ', '{{x}}', '{{workflow.name}}', '{{=1+1}}', '{{', '}}{{', '{{{', '$$', '$(HOME)', '$', 'a"b\\c', "it's", 'ü😀', 'x\ny', '<b>&', '\\u003c', 'n',
  '{"a":1}', '[1]', '/$/', '{$(PIPEWRIGHT_BRACE)', '2024-01-01', '\u00a0\u2028',
];

const PARAMETERS = { text: t.string({ default: 'none' }), number: t.number({ default: 0 }), data: t.json({ default: null }), texts: t.list(t.string(), { default: [] }), fail: t.integer({ default: 0 }) };
const RESULTS = {
  count: t.integer(), number: t.number(), flag: t.boolean(), text: t.string(), kind: t.enum(['a', 'b c', '{{k}}']), numbers: t.list(t.integer()), texts: t.list(t.string()),
  data: t.json<{ rate: number; text: string }>(), digest: t.string(),
};
const OUTPUTS = { file: artifact.file(), folder: artifact.directory() };

interface Holes {
  readonly parameter: (name: never, before: string) => Word;
  readonly input: (name: never, before: string) => Word;
  readonly output: (name: never, before: string) => Word;
  readonly result: (name: never, before: string) => Word;
}

const command = (program: readonly string[], inputs: readonly string[]) => ({ parameter, input, output, result }: Holes): readonly Word[] => [
  ...program,
  ...Object.keys(PARAMETERS).map((name) => parameter(name as never, `--parameter=${name}=`)),
  ...inputs.map((name) => input(name as never, `--input=${name}=`)),
  ...Object.keys(OUTPUTS).map((name) => output(name as never, `--output=${name}=`)),
  ...Object.keys(RESULTS).map((name) => result(name as never, `--result=${name}=`)),
];

type Made = { readonly [result: string]: Value<unknown> | Artifact<unknown> };

/** What a scope has to offer. */
interface Offer {
  readonly numbers: Value<number>[];
  readonly flags: Value<boolean>[];
  readonly texts: Value<string>[];
  readonly data: Value<unknown>[];
  /** Values of any type, for parameters that take JSON. */
  readonly values: Value<unknown>[];
  readonly lists: Value<readonly (number | string)[]>[];
  readonly textLists: Value<readonly string[]>[];
  readonly files: Artifact<unknown>[];
  readonly folders: Artifact<unknown>[];
  readonly fileLists: ArtifactList<unknown>[];
  readonly folderLists: ArtifactList<unknown>[];
}

/** The functions of a scope without the types that keep an author from mistakes: decisions are made at random here. */
interface LooseScope {
  readonly task: (step: unknown, args: Record<string, unknown>, options?: Record<string, unknown>) => Made;
  readonly when: (condition: unknown, then: (scope: LooseScope) => Made, options?: Record<string, unknown>) => Made;
  readonly forEach: (items: unknown, body: (item: Value<never>, scope: LooseScope) => Made, options?: Record<string, unknown>) => Made;
}

export interface RandomOptions {
  /** The words that start the program of every step. */
  readonly program?: readonly string[];
  /** Whether some steps may fail. */
  readonly failures?: boolean;
  readonly name?: string;
}

export function randomPipeline(choices: readonly number[], { program = ['work'], failures = false, name = 'random' }: RandomOptions = {}): CheckedPipeline {
  const steps = {
    plain: defineContainerStep({ name: 'plain', image: 'work', parameters: PARAMETERS, outputs: OUTPUTS, results: RESULTS, command: command(program, []) }),
    read: defineContainerStep({ name: 'read', image: 'work', parameters: PARAMETERS, inputs: { file: artifact.file() }, outputs: OUTPUTS, results: RESULTS, command: command(program, ['file']) }),
    list: defineContainerStep({ name: 'list', image: 'work', parameters: PARAMETERS, inputs: { folder: artifact.directory(), extra: artifact.optional(artifact.file()) }, outputs: OUTPUTS, results: RESULTS, command: command(program, ['folder', 'extra']) }),
    gather: defineContainerStep({ name: 'gather', image: 'work', parameters: PARAMETERS, inputs: { files: artifact.many(artifact.file()) }, outputs: OUTPUTS, results: RESULTS, command: command(program, ['files']) }),
    collect: defineContainerStep({ name: 'collect', image: 'work', parameters: PARAMETERS, inputs: { folders: artifact.many(artifact.directory()) }, outputs: OUTPUTS, results: RESULTS, command: command(program, ['folders']) }),
  };
  let position = 0;
  let made = 0;
  let isExit = false;
  const choose = (below: number): number => (choices.length === 0 ? 0 : choices[position++ % choices.length]! % below);
  const pick = <T>(list: readonly T[]): T | undefined => (list.length === 0 ? undefined : list[choose(list.length)]);
  const mayPick = <T>(list: readonly T[]): T | undefined => (choose(2) === 0 ? undefined : pick(list));
  const loose = <T>(handle: T): Record<string, (other?: unknown) => never> => handle as never;

  const number = (offer: Offer): unknown => {
    const value = mayPick(offer.numbers);
    if (value === undefined) return [0, 1, 2.5, 7, -3][choose(5)];
    const other = choose(2) === 0 ? choose(4) + 1 : pick(offer.numbers)!;
    return [value, loose(value).plus!(other), loose(value).times!(other), loose(value).minus!(other)][choose(4)];
  };
  const text = (offer: Offer): unknown => {
    const value = mayPick(offer.texts);
    const odd = ODD_TEXTS[choose(ODD_TEXTS.length)]!;
    if (value === undefined) return odd;
    return choose(2) === 0 ? value : format`${odd}|${value}|${pick(offer.numbers) ?? 1}|${pick(offer.flags) ?? true}`;
  };
  const flag = (offer: Offer): unknown => {
    const value = pick(offer.flags) ?? loose(pick(offer.numbers)!).greaterThan!(1);
    const other = pick(offer.numbers)!;
    return [
      value, loose(value).not!(), loose(other).atMost!(2), loose(value).and!(loose(other).lessThan!(4)), loose(value).or!(loose(other).equals!(1)),
      loose(pick(offer.texts)!).equals!('plain'), loose(pick(offer.data) ?? other).notEquals!(pick(offer.data) ?? other),
    ][choose(7)];
  };

  const addTask = (scope: LooseScope, offer: Offer): void => {
    const args: Record<string, unknown> = { text: text(offer), number: number(offer) };
    const data = mayPick(offer.values);
    const texts = mayPick(offer.textLists);
    if (data) args.data = choose(2) === 0 ? data : (mayPick(offer.texts) ?? mayPick(offer.lists) ?? data);
    if (texts) args.texts = texts;
    if (failures && choose(8) === 0) args.fail = choose(3) + 1;
    const options: Record<string, unknown> = { name: `t${made++}` };
    if (choose(6) === 0) options.retry = { limit: 1, wait: '1s', factor: 2 };
    if (choose(9) === 0) options.timeout = '5m';
    const kind = choose(6);
    const file = pick(offer.files);
    const folder = pick(offer.folders);
    const files = pick(offer.fileLists);
    const folders = pick(offer.folderLists);
    let result: Made;
    if (kind === 1 && file) result = scope.task(steps.read, { ...args, file }, options);
    else if (kind === 2 && folder) result = scope.task(steps.list, { ...args, folder, ...(file && choose(2) === 0 ? { extra: file } : {}) }, options);
    else if (kind === 3 && files) result = scope.task(steps.gather, { ...args, files }, options);
    else if (kind === 4 && folders) result = scope.task(steps.collect, { ...args, folders }, options);
    else result = scope.task(steps.plain, args, options);
    take(result, offer);
  };

  const take = (result: Made, offer: Offer): void => {
    const { count, number: value, flag: holds, text: said, kind, numbers, texts, data, file, folder } = result;
    offer.numbers.push(count as never, value as never);
    offer.flags.push(holds as never);
    offer.texts.push(said as never, kind as never);
    offer.lists.push(numbers as never, texts as never);
    offer.textLists.push(texts as never);
    offer.data.push(data as never);
    offer.values.push(data as never);
    offer.files.push(file as never);
    offer.folders.push(folder as never);
  };

  /** What leaves a group: the last of each kind that is its own, or one of the surrounding scope. */
  const exported = (offer: Offer): Made => ({ number: offer.numbers.at(-1)!, text: offer.texts.at(-1)!, file: offer.files.at(-1)!, folder: offer.folders.at(-1)!, texts: offer.textLists.at(-1)!, count: offer.numbers.at(-2)! });

  const inner = (offer: Offer): Offer => Object.fromEntries(Object.entries(offer).map(([name, list]) => [name, [...list]])) as unknown as Offer;

  const addWhen = (scope: LooseScope, offer: Offer, depth: number): void => {
    const hasOtherwise = choose(2) === 0;
    const branch = (innerScope: LooseScope): Made => {
      const within = inner(offer);
      fill(innerScope, within, depth + 1);
      return exported(within);
    };
    const result = scope.when(flag(offer), branch, { name: `w${made++}`, ...(hasOtherwise ? { otherwise: branch } : {}) });
    const settle = (name: string, other: unknown): never => (hasOtherwise ? result[name] : loose(result[name]).orElse!(other)) as never;
    offer.numbers.push(settle('number', choose(2) === 0 ? 5 : pick(offer.numbers)));
    offer.texts.push(settle('text', ODD_TEXTS[choose(ODD_TEXTS.length)]));
    offer.textLists.push(settle('texts', ['{{f}}']));
    const [file, folder] = [pick(offer.files)!, pick(offer.folders)!];
    offer.files.push(settle('file', file));
    offer.folders.push(settle('folder', folder));
  };

  const addLoop = (scope: LooseScope, offer: Offer, depth: number): void => {
    const items = choose(2) === 0 ? pick(offer.lists)! : [[1, 2], ['a', 'b c'], ['{{x}}', 'a"b\\u003c', '$$/'], [{ rate: 1.5 }, { rate: 2 }], []][choose(5)];
    let isSingle = false;
    const result = scope.forEach(items, (item, innerScope) => {
      const within = inner(offer);
      within.values.push(item as never);
      isSingle = choose(3) === 0;
      if (isSingle) addTask(innerScope, within);
      else fill(innerScope, within, depth + 1);
      // An artifact that comes from one of two tasks cannot be collected on Argo: give the last task's own.
      const last = innerScope.task(steps.plain, { text: within.texts.at(-1), number: within.numbers.at(-1), data: item }, { name: `l${made++}` });
      return { ...exported(within), file: last.file!, folder: last.folder!, text: last.text!, count: last.count! };
    }, { name: `f${made++}`, ...(!isExit && choose(3) === 0 ? { parallelism: 2 } : {}) });
    offer.lists.push(result.count as never, result.text as never);
    offer.textLists.push(result.text as never);
    offer.values.push(result.texts as never, result.number as never);
    offer.fileLists.push(result.file as never);
    offer.folderLists.push(result.folder as never);
  };

  const fill = (scope: LooseScope, offer: Offer, depth: number): void => {
    addTask(scope, offer);
    const count = choose(depth === 0 ? 6 : 3);
    for (let index = 0; index < count; index++) {
      const kind = choose(depth >= 3 ? 3 : 6);
      if (kind === 5) addLoop(scope, offer, depth);
      else if (kind >= 3) addWhen(scope, offer, depth);
      else addTask(scope, offer);
    }
  };

  // Argo's controller does not survive an exit handler in which a step has to wait for a place (PW201).
  const isLimited = choose(3) === 0;
  const described = pipeline(
    name,
    { params: { number: t.number({ default: 2 }), text: t.string({ default: 'p {{x}} $$' }), flag: t.boolean({ default: true }), list: t.list(t.string(), { default: ['x', '{{y}}'] }) }, ...(isLimited ? { parallelism: 3 } : {}) },
    ({ params, onExit, ...scope }) => {
      const offer = (): Offer => ({
        numbers: [params.number, params.number], flags: [params.flag], texts: [params.text], data: [], values: [], lists: [params.list as never], textLists: [params.list], files: [], folders: [], fileLists: [], folderLists: [],
      });
      fill(scope as unknown as LooseScope, offer(), 0);
      if (!isLimited && choose(2) === 0) {
        isExit = true;
        onExit(({ status, ...exit }) => {
          const within = offer();
          within.texts.push(status as never);
          fill(exit as unknown as LooseScope, within, 2);
        });
      }
    },
  );
  return demandChecked(described);
}
