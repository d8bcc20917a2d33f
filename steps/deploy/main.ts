import { main } from '../runtime/index.ts';
import implementation from './run.ts';

const [verb, ...words] = process.argv.slice(2);
if (verb === 'serve') {
  // The server that this step starts to prove a model is this same program, so the image needs no second one.
  const { serve } = await import('../../serving/index.ts');
  const { env, stdout, stderr } = process;
  process.exit(await serve({ argv: words, environment: env, stdout, stderr }));
}
await main(implementation);
