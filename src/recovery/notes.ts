import type { Content } from '../shell/representation.ts';

/** What waits to be looked into, at most: a page that only reads pays for a hundred answers at once, by code that is warm. */
const most = { notes: 100, bytes: 2 ** 18 };

/** What answers showed. A base is wanted by few of them, so they are looked into when somebody writes, or when they get many. */
export class Notes {
  readonly #mostBytes: number;
  #open: Look<unknown>[] = [];
  #bytes = 0;

  /** @param maxBytes How much there is room for at all. */
  constructor(maxBytes: number) {
    this.#mostBytes = Math.min(maxBytes, most.bytes);
  }

  add(look: Look<unknown>, { length }: Content): void {
    if (this.#mostBytes === 0) {
      // There is no room for what waits.
      look();
      return;
    }
    this.#open.push(look);
    this.#bytes += length;
    if (this.#open.length > most.notes || this.#bytes > this.#mostBytes) this.settle();
  }

  settle(): void {
    const open = this.#open;
    this.#open = [];
    this.#bytes = 0;
    for (const look of open) look();
  }
}

/** What an answer showed, found out by the first who asks; `undefined` for what a function of the user's throws at. */
export type Look<Found> = () => Found | undefined;

/** Notes what an answer showed. */
export function noteIn<Found>(notes: Notes, content: Content, find: Look<Found>): Look<Found> {
  let isOpen = true;
  let found: Found | undefined;
  const look = (): Found | undefined => {
    if (isOpen) {
      isOpen = false;
      try {
        found = find();
      } catch {
        // A write that was made stays made, and a read is the caller's own.
      }
    }
    return found;
  };
  notes.add(look, content);
  // What came before it is looked into before.
  return () => {
    notes.settle();
    return look();
  };
}
