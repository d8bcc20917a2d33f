/** One who may want a place. Until it takes or withdraws, nobody with a higher number is served before it. */
export interface Ticket {
  /** Resolves when there is a place; call what it resolves to, once, to give it back. May be called again afterwards. */
  readonly take: () => Promise<() => void>;
  /** Lets the others pass. Harmless when nothing is held up. */
  readonly withdraw: () => void;
  /** Takes its turn again after a withdrawal. */
  readonly announce: () => void;
}

interface Entry {
  readonly order: number;
  /** Undefined while it is not known whether a place will be wanted. */
  start: (() => void) | undefined;
}

/**
 * A fixed number of places to work in, given by order number, the lowest first. Whether a task has to work at all is
 * found out by many at a time, and in any order; the tickets see to it that the work still begins in the right one.
 */
export class Slots {
  #free: number;
  /** Highest order first, so that the next one is at the end. */
  readonly #queue: Entry[] = [];

  constructor(size: number) {
    this.#free = size;
  }

  announce(order: number): Ticket {
    const entry: Entry = { order, start: undefined };
    this.#insert(entry);
    return {
      take: () => this.#take(entry),
      withdraw: () => {
        this.#remove(entry);
        this.#serve();
      },
      announce: () => this.#insert(entry),
    };
  }

  /** For those who know that they want a place. */
  async take(order: number): Promise<() => void> {
    return this.#take({ order, start: undefined });
  }

  async #take(entry: Entry): Promise<() => void> {
    this.#insert(entry);
    // Served a moment later, when this one listens too: several that are served at once go on in their order.
    queueMicrotask(() => this.#serve());
    await new Promise<void>((start) => (entry.start = start));
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      this.#free++;
      this.#serve();
    };
  }

  #serve(): void {
    for (let next = this.#queue.at(-1); this.#free > 0 && next?.start !== undefined; next = this.#queue.at(-1)) {
      this.#free--;
      this.#queue.pop();
      next.start();
      next.start = undefined;
    }
  }

  #insert(entry: Entry): void {
    const place = this.#firstNotAbove(entry.order);
    if (this.#indexFrom(place, entry) === -1) this.#queue.splice(place, 0, entry);
  }

  #remove(entry: Entry): void {
    const index = this.#indexFrom(this.#firstNotAbove(entry.order), entry);
    if (index !== -1) this.#queue.splice(index, 1);
  }

  /** Where the entry is among those of the same order, which begin at `place`. */
  #indexFrom(place: number, entry: Entry): number {
    for (let index = place; this.#queue[index]?.order === entry.order; index++) if (this.#queue[index] === entry) return index;
    return -1;
  }

  #firstNotAbove(order: number): number {
    let low = 0;
    let high = this.#queue.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#queue[middle]!.order > order) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
