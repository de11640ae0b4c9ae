interface Event {
  readonly at: number;
  /** The order in which events were set, for those of the same time. */
  readonly order: number;
  readonly isQuiet: boolean;
  run: (() => void) | undefined;
}

/**
 * Virtual time. Events run in the order of their times, and after each one everything that it sets off: one turn of the
 * real event loop lets all promises settle, since nothing here waits for the real world.
 */
export class Timeline {
  /** Milliseconds since the run began. */
  now = 0;
  #orders = 0;
  #moments = 0;
  readonly #heap: Event[] = [];

  /** A number that is greater each time: it puts in order what happens in the same millisecond. */
  moment(): number {
    return (this.#moments += 1);
  }

  /**
   * Sets an event, and gives the way to call it off.
   *
   * @param isQuiet Whether it settles no promise, so that nobody has to be given a turn after it.
   */
  after(delay: number, run: () => void, isQuiet = false): () => void {
    const event: Event = { at: this.now + Math.max(0, delay), order: (this.#orders += 1), isQuiet, run };
    this.#push(event);
    return () => {
      event.run = undefined;
    };
  }

  /** Lets so much time pass. */
  pass(delay: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delay, resolve);
    });
  }

  /** Lets everything happen that is to happen. */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        try {
          if (this.#step()) setImmediate(turn);
          else resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      setImmediate(turn);
    });
  }

  /** Lets the next thing happen, and all that it sets off. Gives whether there was one. */
  async next(): Promise<boolean> {
    const isMore = this.#step();
    await new Promise((resolve) => setImmediate(resolve));
    return isMore;
  }

  /** Runs events up to one that others may wait for. */
  #step(): boolean {
    for (let event = this.#pop(); event; event = this.#pop()) {
      if (!event.run) continue;
      this.now = event.at;
      event.run();
      if (!event.isQuiet) return true;
    }
    return false;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || !isBefore(event, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const [one, other] = [heap[left], heap[left + 1]];
      const isRight = one && other && isBefore(other, one);
      const below = isRight ? other : one;
      if (!below || !isBefore(below, last)) break;
      heap[index] = below;
      index = isRight ? left + 1 : left;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
