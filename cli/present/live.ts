import type { CheckedPipeline } from '../../dsl/ir/index.ts';
import type { RunEvent } from '../../dsl/local/event.ts';
import { createPaint } from './colour.ts';
import { drawView } from './draw-view.ts';
import type { Presenter } from './presenter.ts';
import { RunState } from './run-state.ts';
import { columnsOf, oneLine } from './text.ts';

const FRAME_MS = 80;

/* Control sequences of ECMA-48 and DEC: the terminal collects what stands between the two of SYNC and shows it at once. */
const SYNC = ['\u001b[?2026h', '\u001b[?2026l'] as const;
const CURSOR = { hide: '\u001b[?25l', show: '\u001b[?25h' } as const;
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** A picture of the run that is drawn over itself. It is drawn at most so often as an eye can follow, in one write. */
export function createLiveView(pipeline: CheckedPipeline, out: NodeJS.WriteStream): Presenter {
  const state = new RunState(pipeline);
  const paint = createPaint(out);
  let [shown, frame, remark, isOpen]: [readonly string[], number, string, boolean] = [[], 0, '', true];

  const draw = (rows: number): void => {
    const columns = out.columns || 80;
    const lines = drawView(state, { columns, rows, now: Date.now(), frame, paint, remark });
    // After the window was made narrower, lines of the last picture take several rows.
    const height = shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(columnsOf(oneLine(line)) / columns)), 0);
    out.write(`${SYNC[0]}${height > 0 ? `\u001b[${height}A\r` : ''}${lines.map((line) => `${line}${CLEAR_LINE}\n`).join('')}${CLEAR_BELOW}${SYNC[1]}`);
    shown = lines;
  };
  const tick = (): void => {
    frame++;
    draw(out.rows || 24);
  };
  const showCursor = (): void => void out.write(CURSOR.show);

  out.write(CURSOR.hide);
  process.once('exit', showCursor);
  const timer = setInterval(tick, FRAME_MS);
  timer.unref();
  out.on('resize', tick);

  return {
    kind: 'live',
    onEvent: (event: RunEvent) => void state.apply(event),
    tell: (sentence) => {
      remark = sentence;
      tick();
    },
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      clearInterval(timer);
      out.off('resize', tick);
      draw(Number.POSITIVE_INFINITY);
      showCursor();
      process.off('exit', showCursor);
    },
  };
}
