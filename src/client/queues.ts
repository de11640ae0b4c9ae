import type { KnownState } from '../recovery/known-state.ts';
import type { Clock } from '../shell/clock.ts';
import type { UpdateQueue } from './queue.ts';

/**
 * The milliseconds for which the state that an update left serves the next update. The state may be old by then, which
 * costs a conflict, but no more. A caller that writes again and again needs only a moment between two writes, and other
 * writers seldom get in between.
 */
const keptFor = 1_000;

/** The number of resources whose states are kept. */
const most = 100;

/** The queues of one instance of a client, by resource and by user; and for a moment the states that they left. */
export class Queues {
  readonly #clock: Clock;
  readonly #busy = new Map<string, UpdateQueue>();
  // A Map keeps the order of insertion, so the oldest is at its front.
  readonly #left = new Map<string, { readonly known: KnownState; readonly at: number }>();
  readonly #most: number;

  /** @param isKeeping Whether any state may be kept. */
  constructor(clock: Clock, isKeeping: boolean) {
    this.#clock = clock;
    this.#most = isKeeping ? most : 0;
  }

  /**
   * Returns the queue that is at work, or a new one, which begins with the state that the last one left.
   *
   * @param whose The user, with the headers of the call. `undefined` if the user isn't known: then the queue is not shared.
   */
  find(
    url: URL,
    whose: string | undefined,
    start: (left: KnownState | undefined, onIdle: (left: KnownState | undefined) => void) => UpdateQueue,
  ): UpdateQueue {
    if (whose === undefined) return start(undefined, () => undefined);
    const key = `${url.href}\n${whose}`;
    const found = this.#busy.get(key);
    if (found) return found;
    this.#forgetOld();
    const queue = start(this.#left.get(key)?.known, (left) => {
      this.#busy.delete(key);
      if (left) this.#keep(key, left);
    });
    this.#left.delete(key);
    this.#busy.set(key, queue);
    return queue;
  }

  /** Forgets the state that was left of a resource, as another write goes to the resource. */
  forget({ href }: URL): void {
    this.#forget((key) => key.startsWith(`${href}\n`));
  }

  /**
   * Forgets the states that were left at an address, whatever the query, as another tab has written there. `undefined`
   * is any address.
   */
  forgetAt(address?: string): void {
    this.#forget((key) => address === undefined || /^[^?\n]*/.exec(key)?.[0] === address);
  }

  #forget(isMeant: (key: string) => boolean): void {
    for (const key of this.#left.keys()) if (isMeant(key)) this.#left.delete(key);
    for (const [key, queue] of this.#busy) if (isMeant(key)) queue.forget();
  }

  #keep(key: string, known: KnownState): void {
    this.#left.set(key, { known, at: this.#clock.now() });
    this.#forgetOld();
  }

  #forgetOld(): void {
    const since = this.#clock.now() - keptFor;
    for (const [key, { at }] of this.#left)
      if (at < since || this.#left.size > this.#most) this.#left.delete(key);
  }
}
