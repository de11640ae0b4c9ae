import type { Seen } from '../recovery/known.ts';
import type { Clock } from '../shell/clock.ts';
import type { UpdateQueue } from './queue.ts';

/**
 * How long the state that an update left serves the next one, in milliseconds. It may be old by then, which costs a
 * conflict, but no more: a moment is what one who writes again and again takes, and others seldom get in between.
 */
const keptFor = 1_000;

/** For how many resources. */
const most = 100;

/** The queues of one instance of a client, by resource and by whom they are for; and for a moment what they left. */
export class Queues {
  readonly #clock: Clock;
  readonly #busy = new Map<string, UpdateQueue>();
  // A Map keeps the order of insertion, so the oldest is at its front.
  readonly #left = new Map<string, { readonly seen: Seen; readonly at: number }>();
  readonly #most: number;

  /** @param isKeeping Whether anything may be kept. */
  constructor(clock: Clock, isKeeping: boolean) {
    this.#clock = clock;
    this.#most = isKeeping ? most : 0;
  }

  /**
   * The queue that is at work, or a new one, which begins with what the last one left.
   *
   * @param whose For whom, and with which headers of their own. `undefined` where nobody knows: it is shared with nobody.
   */
  find(
    url: URL,
    whose: string | undefined,
    start: (left: Seen | undefined, onIdle: (left: Seen | undefined) => void) => UpdateQueue,
  ): UpdateQueue {
    if (whose === undefined) return start(undefined, () => undefined);
    const key = `${url.href}\n${whose}`;
    const found = this.#busy.get(key);
    if (found) return found;
    this.#forgetOld();
    const queue = start(this.#left.get(key)?.seen, (left) => {
      this.#busy.delete(key);
      if (left) this.#keep(key, left);
    });
    this.#left.delete(key);
    this.#busy.set(key, queue);
    return queue;
  }

  /** Forgets what was left of a resource: somebody writes to it. */
  forget({ href }: URL): void {
    this.#forget((key) => key.startsWith(`${href}\n`));
  }

  /** Forgets what was left at an address, whatever the query: another tab has written there. `undefined` is any address. */
  forgetAt(address?: string): void {
    this.#forget((key) => address === undefined || /^[^?\n]*/.exec(key)?.[0] === address);
  }

  #forget(isMeant: (key: string) => boolean): void {
    for (const key of this.#left.keys()) if (isMeant(key)) this.#left.delete(key);
    for (const [key, queue] of this.#busy) if (isMeant(key)) queue.forget();
  }

  #keep(key: string, seen: Seen): void {
    this.#left.set(key, { seen, at: this.#clock.now() });
    this.#forgetOld();
  }

  #forgetOld(): void {
    const since = this.#clock.now() - keptFor;
    for (const [key, { at }] of this.#left)
      if (at < since || this.#left.size > this.#most) this.#left.delete(key);
  }
}
