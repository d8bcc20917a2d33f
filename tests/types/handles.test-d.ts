/* What handles are in the editor. Compiled with the project: a wrong type stops `npm run types`. */
import { artifact, defineStep, pipeline, t, type Artifact, type ArtifactList, type MaybeArtifact, type MaybeValue, type Value } from '../../dsl/index.ts';
import type { MetricsKind, ModelKind } from '../../dsl/contract/artifact-type.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function proves<_ extends true>(): void {}

const train = defineStep({
  name: 'train',
  parameters: { rate: t.number(), seed: t.integer({ default: 1 }) },
  outputs: { model: artifact.model(), curve: artifact.metrics() },
  results: { loss: t.number(), kind: t.enum(['linear', 'net']), layers: t.list(t.integer()) },
});

export default pipeline('types', { params: { rates: t.list(t.number()), settings: t.json<{ rate: number; tags: string[] }>() } }, ({ params, task, when, forEach }) => {
  const one = task(train, { rate: 1 });
  proves<Same<typeof one.model, Artifact<ModelKind>>>();
  proves<Same<typeof one.loss, Value<number>>>();
  proves<Same<typeof one.kind, Value<'linear' | 'net'>>>();
  proves<Same<typeof one.layers, Value<readonly number[]>>>();

  const maybe = when(one.loss.lessThan(1), ({ task }) => task(train, { rate: 2 }));
  proves<Same<typeof maybe.model, MaybeArtifact<ModelKind>>>();
  proves<Same<typeof maybe.loss, MaybeValue<number>>>();
  const sure = maybe.loss.orElse(0);
  proves<Same<typeof sure, Value<number>>>();

  const either = when(one.loss.lessThan(1), ({ task }) => ({ loss: task(train, { rate: 2 }).loss }), { otherwise: ({ task }) => ({ loss: task(train, { rate: 3 }).loss }) });
  proves<Same<typeof either.loss, Value<number>>>();

  const each = forEach(params.rates, (rate, { task }) => {
    proves<Same<typeof rate, Value<number>>>();
    return task(train, { rate });
  });
  proves<Same<typeof each.loss, Value<readonly number[]>>>();
  proves<Same<typeof each.curve, ArtifactList<MetricsKind>>>();

  const literal = forEach([{ rate: 1, name: 'a' }, { rate: 2, name: 'b' }], (item, { task }) => task(train, { rate: item.get('rate') }).loss);
  proves<Same<typeof literal, Value<readonly number[]>>>();
  const rate = params.settings.get('rate');
  proves<Same<typeof rate, Value<number>>>();
});
