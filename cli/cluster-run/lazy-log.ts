import type { WriteStream } from 'node:fs';

/** Opened by the first line: a pod that is gone has none, and must not cost the log of an earlier look. */
export class LazyLog {
  readonly #open: () => WriteStream;
  #stream: WriteStream | undefined;
  #hasEnded = false;

  constructor(open: () => WriteStream) {
    this.#open = open;
  }

  write(line: string): void {
    if (this.#hasEnded) return;
    this.#stream ??= this.#open().on('error', () => undefined);
    this.#stream.write(`${line}\n`);
  }

  end(): void {
    this.#hasEnded = true;
    this.#stream?.end();
  }
}
