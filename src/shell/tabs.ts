import type { Clock } from './clock.ts';

/** How long a tab waits for its turn, in milliseconds. Whose turn lasts longer may be frozen, and loses it. */
const patience = 2_000;

/** The channel of the hints, and what the names of the locks begin with. */
const name = 'remerge';

/** @param hasWaited Whether others had their turn just before: their hints may still be on the way. */
export type Work<Value> = (hasWaited: boolean) => Promise<Value>;

/**
 * Tabs of one origin that take turns at a resource, by Web Locks, and tell each other that it moved, by BroadcastChannel. It
 * saves conflicts, and no more: a write is as safe without, and goes ahead where a platform has neither.
 */
export class Tabs {
  readonly #clock: Clock;
  readonly #channel: BroadcastChannel | undefined;

  /** @param onMoved Called with the address of what another tab has written to. */
  constructor(clock: Clock, onMoved: (address: string) => void) {
    this.#clock = clock;
    if (typeof BroadcastChannel === 'undefined') return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') onMoved(data);
    };
    // Node must not stay for a hint that may come.
    const { unref } = this.#channel as { unref?: () => void };
    unref?.call(this.#channel);
  }

  /** Tells the other tabs that a resource moved: where it is, and nothing of what it is. */
  tell(address: string): void {
    this.#channel?.postMessage(address);
  }

  /** Does some work when it is this tab's turn, or nobody can say whose it is. */
  async inTurn<Value>(address: string, signal: AbortSignal, work: Work<Value>): Promise<Value> {
    const locks = typeof navigator === 'undefined' ? undefined : (navigator as Partial<Navigator>).locks;
    const turn: { made?: Promise<Value> } = {};
    /** Whether the turn came. */
    const ask = async (options: LockOptions, hasWaited: boolean): Promise<boolean> => {
      const begin = (lock: Lock | null): Promise<Value> | undefined =>
        lock ? (turn.made = work(hasWaited)) : undefined;
      try {
        await locks?.request(`${name} ${address}`, options, begin);
      } catch {
        // That a lock is refused, or taken away, changes nothing about the work.
      }
      return turn.made !== undefined;
    };
    if (!(await ask({ ifAvailable: true }, false))) {
      const impatience = new AbortController();
      const calm = this.#clock.after(patience, () => impatience.abort());
      const isOn = await ask({ signal: AbortSignal.any([signal, impatience.signal]) }, true);
      calm();
      if (!isOn && impatience.signal.aborted) await ask({ steal: true }, true);
    }
    return turn.made ?? work(false);
  }
}
