import { unwatched } from './clock.ts';

/** The channel of the hints. */
const name = 'remerge';

/**
 * How long a channel stays open after its last use, in milliseconds: longer than the state that an update left is kept.
 * After that there is nothing to forget.
 */
const openFor = 1_500;

/** @param address Where something moved; `undefined` where hints may have been missed: it may be anywhere. */
export type Hearer = (address?: string) => void;

/**
 * What the pages of an origin tell each other, by BroadcastChannel: where something moved, and nothing of what it is. All
 * instances of a client share one channel, which is open only while it is of use: a browser drops a page from its
 * back/forward cache if a channel of that page receives a message.
 */
export class Hints {
  readonly #hearers = new Set<Hearer>();
  #channel: BroadcastChannel | undefined;
  #users = 0;
  /** Whether the page has gone away in the midst of some work. */
  #isAway = false;
  #cancel: (() => void) | undefined;

  /** Does some work. Meanwhile, and for a moment after it, `onMoved` is called with what the others tell. */
  async during<Value>(onMoved: Hearer, work: () => Promise<Value>): Promise<Value> {
    this.#hearers.add(onMoved);
    this.#users += 1;
    this.#use();
    try {
      return await work();
    } finally {
      this.#users -= 1;
      this.#use();
    }
  }

  /** @param teller The one who doesn't need to hear it. */
  tell(address: string, teller: Hearer): void {
    this.#use();
    this.#channel?.postMessage(address);
    this.#spread(address, teller);
  }

  #spread(address?: string, teller?: Hearer): void {
    for (const hear of this.#hearers) if (hear !== teller) hear(address);
  }

  /** Opens the channel, and has it closed when nobody has used it for long enough. */
  #use(): void {
    this.#cancel?.();
    this.#cancel = unwatched(openFor, () => this.#users > 0 || this.#close());
    if (this.#channel || this.#isAway || typeof BroadcastChannel === 'undefined') return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') this.#spread(data);
    };
    // Node must not stay for a hint that may come.
    (this.#channel as { unref?: () => void }).unref?.();
    page.addEventListener?.('pagehide', this.#onHide);
    page.addEventListener?.('pageshow', this.#onShow);
  }

  /** From now on hints may be missed. */
  #close(): void {
    this.#cancel?.();
    this.#channel?.close();
    this.#channel = undefined;
    this.#spread();
    this.#isAway = this.#users > 0;
    if (this.#isAway) return;
    this.#hearers.clear();
    page.removeEventListener?.('pagehide', this.#onHide);
    page.removeEventListener?.('pageshow', this.#onShow);
  }

  readonly #onHide = (): void => this.#close();
  readonly #onShow = (): void => {
    this.#isAway = false;
    if (this.#users > 0) this.#use();
  };
}

/** Where a page says that it goes away. A client that nobody uses doesn't listen: that would keep it in memory. */
const page = globalThis as Partial<Pick<Window, 'addEventListener' | 'removeEventListener'>>;
