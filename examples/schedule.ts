/** Runs by the clock: each morning after a trading day. The schedule is in a file of its own, schedules/schedule.yaml. */
import { defineContainerStep, pipeline, t } from '../dsl/index.ts';

const report = defineContainerStep({
  name: 'report',
  image: 'alpine:3.22',
  parameters: { market: t.string() },
  command: ({ parameter }) => ['sh', '-c', 'echo "The last close of $1, seen at $(date)"', 'report', parameter('market')],
});

export default pipeline(
  'schedule',
  {
    params: { market: t.string({ description: 'Whose close to report' }) },
    schedule: { cron: '0 6 * * 2-6', timezone: 'America/New_York', startingDeadline: '2h', params: { market: 'New York' } },
  },
  ({ params, task }) => {
    task(report, { market: params.market }, { cache: false });
  },
);
