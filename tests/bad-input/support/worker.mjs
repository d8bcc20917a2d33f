/*
 * The command line as `cli/bin.mjs` starts it, kept for many calls: a process of its own for each would take a third of a
 * second. Calls come one at a time, because the working folder, the environment and the output belong to the process.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleOnce } from '../../../cli/start/bundle.mjs';

const entry = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
const { main } = await import(pathToFileURL(await bundleOnce(entry, { isSplit: true, packages: ['commander'] })).href);
const inherited = { ...process.env };

process.on('message', async ({ folder, words, environment, interruptAt }) => {
  const { write } = process.stdout;
  const { write: writeError } = process.stderr;
  let text = '';
  const take = (chunk) => {
    const before = text.length;
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    if (interruptAt !== undefined && text.indexOf(interruptAt, Math.max(0, before - interruptAt.length)) >= 0) process.emit('SIGINT');
    return true;
  };
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, inherited, environment);
  process.chdir(folder);
  process.stdout.write = take;
  process.stderr.write = take;
  process.exitCode = undefined;
  const code = await main(words);
  process.exitCode = undefined;
  process.stdout.write = write;
  process.stderr.write = writeError;
  process.send({ code, text });
});
process.send('ready');
