/** A step that fails now and then, with retries, a timeout, and an exit handler that always runs. */
import { defineContainerStep, format, pipeline, t } from '../dsl/index.ts';

const flaky = defineContainerStep({
  name: 'flaky',
  image: 'alpine:3.22',
  parameters: { luck: t.integer({ minimum: 1, maximum: 100 }) },
  results: { drawn: t.integer() },
  command: ({ parameter, result }) => [
    'sh', '-c', 'drawn=$(($(od -An -N2 -tu2 /dev/urandom) % 100)); echo "drew $drawn"; [ "$drawn" -lt "$1" ] && echo "$drawn" > "$2"',
    'flaky', parameter('luck'), result('drawn'),
  ],
});

const report = defineContainerStep({
  name: 'report',
  image: 'alpine:3.22',
  parameters: { text: t.string() },
  command: ({ parameter }) => ['echo', parameter('text')],
});

export default pipeline(
  'retry',
  { params: { luck: t.integer({ default: 80, minimum: 1, maximum: 100, description: 'How likely an attempt succeeds, in per cent' }) }, timeout: '10m' },
  ({ params, task, onExit }) => {
    task(flaky, { luck: params.luck }, { retry: { limit: 5, wait: '1s', factor: 2, longestWait: '4s' }, timeout: '30s', cache: false });
    onExit(({ task, status }) => {
      task(report, { text: format`The run ended: ${status}` }, { cache: false });
    });
  },
);
