import type { Content } from '../shell/representation.ts';

/** The most notes that wait. A page that only reads then settles many at once, when the code is warm. */
const most = { notes: 500, bytes: 2 ** 20 };

/** Notes of what answers showed. Few become a base, so they are settled when a write needs one, or when there are many. */
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

/** Finds out what an answer showed, at the first call; `undefined` where a function of the user's throws. */
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
  // Earlier notes are settled first.
  return () => {
    notes.settle();
    return look();
  };
}
