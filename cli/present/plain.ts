import type { RunEvent } from '../../dsl/local/event.ts';
import { describeMiss } from '../../dsl/local/change.ts';
import { unreachable } from '../../dsl/util/index.ts';
import { counted, formatSeconds } from '../words/numbers.ts';
import { describeRoom } from '../words/room.ts';
import { describeStanding, GLYPHS } from '../words/status.ts';
import { describeValues } from '../words/values.ts';
import { colourOf, createPaint } from './colour.ts';
import type { Presenter } from './presenter.ts';
import { oneLine } from './text.ts';

/** A tenth of the way is news; every step of it is not. */
const PROGRESS_STEPS = 10;

/** One line for each thing that happens, with the name of its task in front: for files, CI jobs and `grep`. */
export function createPlainLines(out: NodeJS.WritableStream & { readonly isTTY?: boolean }): Presenter {
  const paint = createPaint(out);
  const told = new Map<string, number>();
  const say = (text: string): void => void out.write(`${text}\n`);
  const of = (task: string, text: string): void => say(`${paint('bold', task)}  ${text}`);

  const onEvent = (event: RunEvent): void => {
    switch (event.kind) {
      case 'RunStarted':
        say(`${paint('bold', event.pipeline)}  run ${event.run}, executor ${event.executor}, ${describeRoom(event.maximumParallel)}${event.seed === undefined ? '' : `, seed ${event.seed}`}`);
        return;
      case 'BranchTaken':
        of(event.group, event.branch === 'then' ? 'the condition holds' : 'the condition does not hold');
        return;
      case 'LoopExpanded':
        of(event.group, counted(event.items, 'item'));
        return;
      case 'GroupEnded':
        if (event.reason !== undefined) of(event.group, `${GLYPHS[event.status]} ${event.reason.code} ${oneLine(event.reason.message)}`);
        return;
      case 'TaskStarted':
        of(event.task, `${GLYPHS.Running} works: ${describeMiss(event.because)}`);
        return;
      case 'AttemptStarted':
        if (event.attempt > 1) of(event.task, `attempt ${event.attempt}`);
        return;
      case 'LogLine':
        of(event.task, `${paint('dim', '│')} ${oneLine(event.line)}`);
        return;
      case 'Progress': {
        const part = event.total > 0 ? Math.floor((event.done / event.total) * PROGRESS_STEPS) : 0;
        if (told.get(event.task) === part) return;
        told.set(event.task, part);
        of(event.task, `… ${event.done}/${event.total}${event.note === undefined ? '' : ` ${oneLine(event.note)}`}`);
        return;
      }
      case 'AttemptEnded':
        return;
      case 'RetryScheduled':
        of(event.task, `attempt ${event.nextAttempt - 1} failed; the next one comes in ${formatSeconds(event.afterSeconds)}`);
        return;
      case 'TaskEnded': {
        const standing = paint(colourOf(event.status), `${GLYPHS[event.status]} ${describeStanding(event.status, event.cached !== undefined)}`);
        const time = event.seconds > 0 && event.cached === undefined ? ` in ${formatSeconds(event.seconds)}` : '';
        const reason = event.reason === undefined ? '' : `: ${event.reason.code} ${oneLine(event.reason.message)}`;
        of(event.task, `${standing}${time}${Object.keys(event.results).length === 0 ? '' : `  ${oneLine(describeValues(event.results))}`}${reason}`);
        return;
      }
      case 'RunStopping':
        say(event.why === 'timeout' ? "The pipeline's time is up: what runs is being ended." : 'The run is being stopped.');
        return;
      case 'ExitHandlerStarted':
        say(`The exit handler starts; the run so far: ${describeStanding(event.status)}.`);
        return;
      case 'RunEnded':
        return;
      default:
        unreachable(event);
    }
  };
  return { kind: 'plain', onEvent, tell: say, close: () => undefined };
}
