import type { KnownState } from '../recovery/known-state.ts';
import type { Clock } from '../shell/clock.ts';
import type { UpdateQueue } from './queue.ts';

/**
 * The milliseconds for which the state after an update serves the next update. The state may be old by then, which
 * costs a conflict, but no more. A caller that writes again and again needs only a moment between two writes, and other
 * writers seldom get in between.
 */
const keepFor = 1_000;

/** The number of resources whose states are kept. */
const maxKept = 100;

/** The queues of one instance of a client, by resource and by user; and for a moment the states after them. */
export class Queues {
  readonly #clock: Clock;
  readonly #busy = new Map<string, UpdateQueue>();
  // A Map keeps the order of insertion, so the oldest is at its front.
  readonly #recentStates = new Map<string, { readonly known: KnownState; readonly at: number }>();
  readonly #maxKept: number;

  /** @param isKeeping Whether any state may be kept. */
  constructor(clock: Clock, isKeeping: boolean) {
    this.#clock = clock;
    this.#maxKept = isKeeping ? maxKept : 0;
  }

  /**
   * Returns the queue that is at work, or a new one, which begins with the state after the last one.
   *
   * @param user The user, with the headers of the call. `undefined` if the user isn't known: then the queue is not shared.
   */
  find(
    url: URL,
    user: string | undefined,
    start: (after: KnownState | undefined, onIdle: (after: KnownState | undefined) => void) => UpdateQueue,
  ): UpdateQueue {
    if (user === undefined) return start(undefined, () => undefined);
    const key = `${url.href}\n${user}`;
    const found = this.#busy.get(key);
    if (found) return found;
    this.#forgetOld();
    const queue = start(this.#recentStates.get(key)?.known, (after) => {
      this.#busy.delete(key);
      if (after) this.#keep(key, after);
    });
    this.#recentStates.delete(key);
    this.#busy.set(key, queue);
    return queue;
  }

  /** Forgets the kept state of a resource, as another write goes to the resource. */
  forget({ href }: URL): void {
    this.#forget((key) => key.startsWith(`${href}\n`));
  }

  /**
   * Forgets the states that are kept of an address, whatever the query, as another tab has written there. `undefined`
   * is any address.
   */
  forgetAt(address?: string): void {
    this.#forget((key) => address === undefined || /^[^?\n]*/.exec(key)?.[0] === address);
  }

  #forget(isMeant: (key: string) => boolean): void {
    for (const key of this.#recentStates.keys()) if (isMeant(key)) this.#recentStates.delete(key);
    for (const [key, queue] of this.#busy) if (isMeant(key)) queue.forget();
  }

  #keep(key: string, known: KnownState): void {
    this.#recentStates.set(key, { known, at: this.#clock.now() });
    this.#forgetOld();
  }

  #forgetOld(): void {
    const since = this.#clock.now() - keepFor;
    for (const [key, { at }] of this.#recentStates)
      if (at < since || this.#recentStates.size > this.#maxKept) this.#recentStates.delete(key);
  }
}
