/*
 * Every line after an `@error` comment must be refused by tsc with exactly that sentence.
 * This file is compiled by tests/types/wiring.test.ts, not by the project.
 */
import { artifact, defineContainerStep, defineStep, pipeline, t } from '../../../dsl/index.ts';

const ingest = defineStep({ name: 'ingest', parameters: { symbol: t.string() }, outputs: { prices: artifact.dataset({ date: 'date', close: 'float64' }) } });
const volume = defineStep({ name: 'volume', inputs: { prices: artifact.dataset({ date: 'date', volume: 'float64' }) } });
const train = defineStep({
  name: 'train',
  parameters: { rate: t.number(), kind: t.enum(['linear', 'net'], { default: 'linear' }), layers: t.list(t.integer(), { default: [] }) },
  inputs: { prices: artifact.dataset({ date: 'date' }) },
  outputs: { model: artifact.model() },
  results: { decision: t.enum(['promote', 'keep']), loss: t.number() },
});
const choose = defineStep({ name: 'choose', inputs: { models: artifact.many(artifact.model()) }, outputs: { best: artifact.model() } });
const deploy = defineStep({ name: 'deploy', inputs: { model: artifact.model() }, results: { url: t.string() } });
const note = defineStep({ name: 'note', parameters: { text: t.string() } });

export default pipeline('wrong', { params: { symbol: t.string(), rates: t.list(t.number()), n: t.integer() } }, ({ params, task, when, forEach }) => {
  const raw = task(ingest, { symbol: params.symbol });
  const model = task(train, { prices: raw.prices, rate: 0.01 });

  // @error Parameter 'rate' takes a number; this is a string.
  task(train, { prices: raw.prices, rate: 'fast' });
  // @error Parameter 'rate' takes a number; this is a string.
  task(train, { prices: raw.prices, rate: params.symbol });
  // @error WiringError<"Parameter 'kind' takes one of a few texts; this is another.", "linear" | "net">
  task(train, { prices: raw.prices, rate: 1, kind: 'forest' });
  // @error Parameter 'layers' takes a list of numbers; this is a number.
  task(train, { prices: raw.prices, rate: 1, layers: 3 });
  // @error The argument 'rate' is missing.
  task(train, { prices: raw.prices });
  // @error WiringError<"This step has no parameter and no input called 'speed'.", "kind" | "layers" | "prices" | "rate">
  task(train, { prices: raw.prices, rate: 1, speed: 2 });
  // @error Input 'prices' takes a dataset; this is a model.
  task(train, { prices: model.model, rate: 1 });
  // @error Input 'prices' takes a dataset with the column 'volume'; this one does not have it.
  task(volume, { prices: raw.prices });
  // @error Input 'prices' takes an artifact that a task writes; give it a task's output.
  task(volume, { prices: 'prices.csv' });
  // @error Parameter 'text' takes a string; this is a model. Return a result from the step, or declare an input.
  task(note, { text: model.model });
  // @error Input 'models' takes a collection; give it what a forEach returns.
  task(choose, { models: model.model });

  const each = forEach(params.rates, (rate, { task }) => task(train, { prices: raw.prices, rate }));
  // @error Input 'model' takes one artifact; this is a collection from a loop. Declare it with artifact.many(…), or choose one.
  task(deploy, { model: each.model });
  // @error Parameter 'text' takes a string; this is a list of numbers.
  task(note, { text: each.loss });

  const deployed = when(model.decision.equals('promote'), ({ task }) => task(deploy, { model: model.model }));
  // @error The value given to 'text' is absent when its task is skipped: add .orElse(…), or use it inside the same when.
  task(note, { text: deployed.url });
  const retrained = when(model.loss.greaterThan(1), ({ task }) => task(train, { prices: raw.prices, rate: 0.1 }));
  // @error The artifact given to 'model' is absent when its task is skipped: add .orElse(…), or use it inside the same when.
  task(deploy, { model: retrained.model });
  // @error Argument of type '"promot"' is not assignable to parameter of type 
  model.decision.equals('promot');
  // @error Property 'greaterThan' does not exist on type 
  params.symbol.greaterThan(3);
  // @error Argument of type 'RunValue<string>' is not assignable to parameter of type 'Value<boolean>'.
  when(params.symbol, ({ task }) => task(note, { text: 'x' }));
  // @error Property 'losses' does not exist on type 
  task(note, { text: model.losses });
});

// @error Argument of type '"m"' is not assignable to parameter of type '"n"'.
defineContainerStep({ name: 'c', image: 'alpine:3.22', parameters: { n: t.integer() }, command: ({ parameter }) => ['echo', parameter('m')] });
// @error Type 'string' is not assignable to type 'number'.
t.integer({ default: 'three' });
