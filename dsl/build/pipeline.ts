import type { Json } from '../util/index.ts';
import { demandParameters, type ParameterDeclaration, type ParameterPorts, type ValueOfPort } from '../contract/index.ts';
import { captureLocation, PipewrightError } from '../errors/index.ts';
import { IR_VERSION, type Pipeline } from '../ir/index.ts';
import { demandFunction, demandOptions } from './demand.ts';
import { toSeconds, type Duration } from './duration.ts';
import { toSchedule, type ScheduleOptions } from './schedule.ts';
import { ScopeBuilder, type Registry, type Scope } from './scope.ts';
import { makeValue, type Value } from './value.ts';

export interface PipelineOptions<P extends ParameterPorts> {
  readonly description?: string;
  /** What a run can be given: `--param symbol=SPX`. */
  readonly params?: P;
  /** How many steps may run at once. */
  readonly parallelism?: number;
  /** For the whole run; a day unless stated. Argo would wait for ever on some mistakes, so there is always one. */
  readonly timeout?: Duration;
  /** When a cluster starts it by itself. Compiling makes a CronWorkflow of it, in a file of its own; a laptop does not read it. */
  readonly schedule?: ScheduleOptions<P>;
}

/** What the exit handler sees: how the run ended. */
export interface ExitScope extends Scope {
  readonly status: Value<'Succeeded' | 'Failed' | 'Error'>;
}

export interface RootScope<P extends ParameterPorts> extends Scope {
  readonly params: { readonly [K in keyof P]: Value<ValueOfPort<P[K]>> };
  /** Runs after everything else, whatever happened. */
  onExit(body: (scope: ExitScope) => void): void;
}

const A_DAY: Duration = '24h';

/**
 * Describes a pipeline. The function is called once, at once; it only describes, nothing runs.
 *
 *     export default pipeline('greet', { params: { name: t.string({ default: 'you' }) } }, ({ params, task }) => {
 *       const greeting = task(hello, { name: params.name });
 *       task(shout, { text: greeting.text });
 *     });
 */
export function pipeline<const P extends ParameterPorts = {}>(
  name: string,
  options: PipelineOptions<P>,
  describe: (scope: RootScope<P>) => void,
): Pipeline {
  const location = captureLocation();
  const example = 'Write pipeline(\'name\', { params: { … } }, ({ params, task }) => { … }), with {} where there are no options.';
  demandOptions(options, 'The second argument of pipeline', example, location);
  demandFunction(describe, 'The third argument of pipeline', example, location);
  demandParameters(name, options.params ?? {}, location);
  if (options.schedule !== undefined) demandOptions(options.schedule, 'The option "schedule"', 'Write schedule: { cron: \'0 6 * * 1-5\', timezone: \'America/New_York\' }.', location);
  const registry: Registry = { ids: new Set(), steps: new Map(), issues: [] };
  const body = new ScopeBuilder(registry);
  const exit = new ScopeBuilder(registry);
  const declarations = (options.params ?? {}) as Record<string, ParameterDeclaration>;
  const params = Object.fromEntries(
    Object.entries(declarations).map(([parameter, { type }]) => [parameter, makeValue({ kind: 'ParameterReference', type, parameter })]),
  );
  const status = makeValue<Json>({ kind: 'RunStatus', type: { kind: 'enum', values: ['Succeeded', 'Failed', 'Error'] } });
  let handlers = 0;
  const onExit = (describeExit: (scope: ExitScope) => void): void => {
    if (++handlers > 1) {
      throw new PipewrightError({
        code: 'PW102', message: 'A pipeline has one exit handler, and this is the second.', fix: 'Put all its tasks into one onExit(…).', location: captureLocation(),
      });
    }
    exit.fill((scope) => describeExit({ ...scope, status } as unknown as ExitScope));
  };
  body.fill((scope) => describe({ ...scope, params, onExit } as unknown as RootScope<P>));

  if (registry.issues.length > 0) {
    throw new PipewrightError(
      registry.issues.map(({ step, location: where }) => ({
        code: 'PW102' as const, message: `Two different steps are called "${step}".`, fix: 'Give each step a name of its own.', location: where,
      })),
    );
  }
  return Object.freeze({
    kind: 'Pipeline',
    irVersion: IR_VERSION,
    name,
    ...(options.description === undefined ? {} : { description: options.description }),
    parameters: declarations,
    steps: Object.freeze(Object.fromEntries(registry.steps)),
    body: Object.freeze(body.nodes),
    onExit: Object.freeze(exit.nodes),
    ...(options.parallelism === undefined ? {} : { parallelism: options.parallelism }),
    timeoutSeconds: toSeconds(options.timeout ?? A_DAY),
    ...(options.schedule === undefined ? {} : { schedule: toSchedule(options.schedule) }),
    location,
  });
}
