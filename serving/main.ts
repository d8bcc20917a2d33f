import { serve } from './serve.ts';

const { argv, env, stdout, stderr } = process;
process.exit(await serve({ argv: argv.slice(2), environment: env, stdout, stderr }));
