import type { CheckedPipeline } from '../../dsl/ir/index.ts';
import type { RunEvent } from '../../dsl/local/event.ts';

/** Who tells a person or a program what happens in a run, while it happens. */
export interface Presenter {
  readonly kind: 'live' | 'plain' | 'ndjson';
  onEvent(event: RunEvent): void;
  /** A remark that is no event of the run. */
  tell(sentence: string): void;
  /** Leaves the terminal as it was; harmless the second time. */
  close(): void;
}

/** Live on a terminal, plain lines elsewhere: in a file or a CI job nothing can be redrawn. */
export async function choosePresenter(pipeline: CheckedPipeline, wanted: Presenter['kind'] | undefined): Promise<Presenter> {
  const isTerminal = process.stdout.isTTY === true && !process.env['CI'] && process.env['TERM'] !== 'dumb';
  switch (wanted ?? (isTerminal ? 'live' : 'plain')) {
    case 'live':
      return (await import('./live.ts')).createLiveView(pipeline, process.stdout);
    case 'plain':
      return (await import('./plain.ts')).createPlainLines(process.stdout);
    case 'ndjson':
      return (await import('./ndjson.ts')).createJsonLines(process.stdout);
  }
}
