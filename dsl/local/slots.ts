interface Waiter {
  readonly order: number;
  readonly start: () => void;
}

/** A fixed number of places to work in. Who waits gets one by its order number, the lowest first. */
export class Slots {
  #free: number;
  /** Highest order first, so that the next one is taken from the end. */
  readonly #waiting: Waiter[] = [];

  constructor(size: number) {
    this.#free = size;
  }

  /** Resolves when there is a place; call what it resolves to, once, to give it back. */
  async take(order: number): Promise<() => void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((start) => this.#insert({ order, start }));
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      const next = this.#waiting.pop();
      if (next === undefined) this.#free++;
      else next.start();
    };
  }

  #insert(waiter: Waiter): void {
    let low = 0;
    let high = this.#waiting.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#waiting[middle]!.order > waiter.order) low = middle + 1;
      else high = middle;
    }
    this.#waiting.splice(low, 0, waiter);
  }
}
