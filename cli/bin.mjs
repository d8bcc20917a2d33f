#!/usr/bin/env node
// Starts the command line: packed if it can be, which is faster, else translated file by file.
import * as module from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  process.stderr.write(`error PW901\n  Pipewright needs Node 20 or later, and this is ${process.versions.node}.\n  → Install a newer Node.\n`);
  process.exit(2);
}

// Node 22 and later keep compiled code between starts.
module.enableCompileCache?.();
if (process.env.PIPEWRIGHT_DEBUG) process.setSourceMapsEnabled(true);

const { guardProcess, main } = await import(await findProgram());
const conclude = guardProcess();
process.exitCode = await conclude(await main(process.argv.slice(2)));

async function findProgram() {
  const entry = fileURLToPath(new URL('./main.ts', import.meta.url));
  try {
    const { bundleOnce } = await import('./start/bundle.mjs');
    return pathToFileURL(await bundleOnce(entry, { isSplit: true, packages: ['commander'] })).href;
  } catch (error) {
    if (process.env.PIPEWRIGHT_DEBUG) process.stderr.write(`${error.stack}\n`);
    if (error.syscall !== undefined) {
      process.stderr.write(`error PW901\n  There is no folder for the packed program: ${error.message}.\n  → Let this user write to node_modules/.cache where Pipewright is installed, or to the folder that TMPDIR names.\n`);
      process.exit(2);
    }
    const { register } = await import('tsx/esm/api');
    register();
    return './main.ts';
  }
}
