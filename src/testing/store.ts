/** A state of a resource as the origin keeps it: without its version, and with the number of the write that made it. */
export interface Stored {
  readonly value: unknown;
  readonly count: number;
}

interface Slot {
  readonly current: Stored | undefined;
  readonly previous: Stored | undefined;
  readonly count: number;
}

/** The resources of an origin, by their paths. A path counts its writes for ever, so no version comes twice. */
export class Store {
  readonly #slots = new Map<string, Slot>();

  get(path: string): Stored | undefined {
    return this.#slots.get(path)?.current;
  }

  /** The state before the last change, as a replica that lags behind has it. */
  lagging(path: string): Stored | undefined {
    return this.#slots.get(path)?.previous;
  }

  set(path: string, value: unknown): Stored {
    const { current, count } = this.#slot(path);
    const stored = { value, count: count + 1 };
    this.#slots.set(path, { current: stored, previous: current, count: stored.count });
    return stored;
  }

  delete(path: string): void {
    const { current, count } = this.#slot(path);
    this.#slots.set(path, { current: undefined, previous: current, count: count + 1 });
  }

  /** A path in a collection that no resource has had. */
  free(collection: string): string {
    for (let number = 1; ; number += 1) {
      const path = `${collection}/${number}`;
      if (!this.#slots.has(path)) return path;
    }
  }

  #slot(path: string): Slot {
    return this.#slots.get(path) ?? { current: undefined, previous: undefined, count: 0 };
  }
}
