import type { Json } from '../util/index.ts';
import type { ArtifactType } from './artifact-type.ts';
import type { ValueType } from './value-type.ts';

export interface ParameterDeclaration {
  readonly type: ValueType;
  readonly description?: string;
  readonly default?: Json;
}

export interface InputDeclaration {
  readonly artifact: ArtifactType;
  readonly description?: string;
  readonly optional?: true;
  readonly many?: true;
}

export interface OutputDeclaration {
  readonly artifact: ArtifactType;
  readonly description?: string;
}

export interface ResultDeclaration {
  readonly type: ValueType;
  readonly description?: string;
}

/** What a container asks for, in Kubernetes' quantities: `cpu: '500m'`, `memory: '512Mi'`. */
export interface Resources {
  readonly cpu?: string;
  readonly memory?: string;
  /** Upper bounds; by default memory is limited to its request and processor time is not. */
  readonly limits?: { readonly cpu?: string; readonly memory?: string };
}

/**
 * A word of a command line: a literal text, or a text with one hole for what is known only at run time.
 * `{ parameter }` is the value's text, `{ input }` and `{ output }` are paths of artifacts, `{ result }` is the path of
 * the file into which a result's text is written. `before` is put in front: `--n=` and the value are one word.
 */
export type Word =
  | string
  | { readonly before?: string; readonly parameter: string }
  | { readonly before?: string; readonly input: string }
  | { readonly before?: string; readonly output: string }
  | { readonly before?: string; readonly result: string };

/** A TypeScript step: a program on our harness, packed by esbuild into one file. */
export interface ModuleProgram {
  readonly kind: 'module';
  /** The file that starts it (`main.ts`), an absolute file URL while authoring; never printed and never in a fingerprint. */
  readonly entry: string;
}

/** Any other program: the words of its command line, the first one being the executable. */
export interface CommandProgram {
  readonly kind: 'command';
  readonly command: readonly Word[];
}

export type Program = ModuleProgram | CommandProgram;

/** A step's ports and parameters as plain data: all that a pipeline, a backend and the step itself need to agree upon. */
export interface StepContract {
  readonly name: string;
  readonly description?: string;
  readonly image: string;
  readonly program: Program;
  readonly parameters: Readonly<Record<string, ParameterDeclaration>>;
  readonly inputs: Readonly<Record<string, InputDeclaration>>;
  readonly outputs: Readonly<Record<string, OutputDeclaration>>;
  /** Small values that a step returns and that conditions, loops and other steps' parameters can use. */
  readonly results: Readonly<Record<string, ResultDeclaration>>;
  readonly resources: Resources;
  /** Names of environment variables that change what the step does; their values are part of its fingerprint. */
  readonly environment: readonly string[];
  /**
   * Names of environment variables that the step needs but that do not change what it does: keys and passwords. They are
   * passed on, and never part of a fingerprint, a record or a log.
   */
  readonly secrets: readonly string[];
  /**
   * Who the step is on a cluster: a service account, whose token its pod then has, and with it a Secret of its own with
   * variables. Steps without one have no token. Means nothing on a laptop, so it is in no fingerprint.
   */
  readonly serviceAccount?: string;
}
