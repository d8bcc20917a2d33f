import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CLUSTER } from './surroundings.ts';

/** The same server by another name, as the next release has one: a layer more, and in the cluster's node. */
export async function otherServingImage(image: string): Promise<string> {
  return derive(image, 'other', `LABEL pipewright.test=other`);
}

/** A server that is ready and answers wrongly, as a release with a mistake in it would. */
export async function wrongServingImage(image: string): Promise<string> {
  return derive(image, 'wrong', `COPY wrong.mjs /wrong.mjs\nENTRYPOINT ["node", "/wrong.mjs"]\nCMD []`, { 'wrong.mjs': WRONG });
}

const WRONG = `import { createServer } from 'node:http';
createServer((request, response) => {
  request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(JSON.stringify({
    ready: true, model_name: 'any', model_version: process.env.PIPEWRIGHT_SERVING_MODEL_VERSION,
    outputs: [{ name: 'probability', datatype: 'FP64', shape: [1], data: [0.123456] }],
  })));
}).listen(8080);
process.on('SIGTERM', () => process.exit(0));
`;

/** Not blocking: whoever asks servers meanwhile must go on asking. */
async function derive(image: string, word: string, lines: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const name = `pipewright/serving:test-${word}`;
  const context = Object.entries(files).map(([file, content]) => `mkdir -p "$folder" && printf %s ${JSON.stringify(Buffer.from(content).toString('base64'))} | base64 -d > "$folder/${file}"`).join('\n');
  const script = `set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
${context}
printf '%s\\n' "FROM ${image}" ${lines.split('\n').map((line) => `'${line}'`).join(' ')} > "$folder/Dockerfile"
DOCKER_BUILDKIT=0 docker build --quiet --tag ${name} "$folder"
kind load docker-image --name ${CLUSTER} ${name}`;
  await promisify(execFile)('bash', ['-c', script]);
  return name;
}
