import { setTimeout as pause } from 'node:timers/promises';
import { PassingFault, passing } from './fault.ts';
import { LONGEST_PAUSE_SECONDS, type Limits } from './limits.ts';

/**
 * How often something is tried. Pauses are drawn between nothing and a bound that doubles each time ("full jitter", Brooker, Exponential
 * Backoff And Jitter, AWS Architecture Blog, 2015); a server that says when it wants to be asked again is not asked before.
 */
export class Attempts {
  readonly #limits: Limits;
  readonly #started = performance.now();
  #failed = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Does the work until it succeeds. Passing faults are tried again as often as the limits say, then they are PW301. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (fault) {
        await this.pauseAfter(fault);
      }
    }
  }

  /** Waits for the next attempt; throws where there is none. */
  async pauseAfter(fault: unknown): Promise<void> {
    if (!(fault instanceof PassingFault)) throw fault;
    const { attempts, totalSeconds, pauseSeconds, random, signal } = this.#limits;
    this.#failed++;
    const bound = Math.min(LONGEST_PAUSE_SECONDS, pauseSeconds * 2 ** (this.#failed - 1));
    const seconds = (fault.retryAfterSeconds ?? 0) + random.uniform() * bound;
    const elapsed = (performance.now() - this.#started) / 1000;
    const isTooLong = elapsed + seconds > totalSeconds;
    if (this.#failed >= attempts || isTooLong) {
      const wish = fault.retryAfterSeconds === undefined ? '' : ` and wants to be asked again after ${Math.ceil(fault.retryAfterSeconds)} s`;
      const error = passing(`${fault.message}${wish}`, fault);
      throw this.#failed === 1 ? error : passing(`${fault.message}${wish}. Asked ${this.#failed} times`, fault);
    }
    await pause(seconds * 1000, undefined, signal ? { signal } : {}).catch((error: unknown) => Promise.reject(signal?.aborted ? signal.reason : error));
  }
}

/** The limits with an end after `totalSeconds`: a PassingFault is the reason of their signal then. */
export function withDeadline(limits: Limits, name: string): Limits {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(passing(`${name} was not read to its end within ${limits.totalSeconds} s`)), limits.totalSeconds * 1000);
  timer.unref();
  return { ...limits, signal: limits.signal ? AbortSignal.any([limits.signal, deadline.signal]) : deadline.signal };
}
