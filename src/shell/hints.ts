/** The name of the channel. */
const name = 'remerge';

/**
 * The milliseconds that a channel stays open after its last use: longer than the state after an update is kept.
 * After that time there is no state to forget.
 */
const openFor = 1_500;

/**
 * @param address The address of a resource that changed; `undefined` if hints may have been missed: any resource may
 * have changed.
 */
export type HintListener = (address?: string) => void;

/** The hints that pages of one origin exchange: the addresses of resources that changed, and no content. */
export interface Hints {
  /** Does some work. During the work, and for a moment after it, `listener` is called with the hints of other pages. */
  readonly during: <Value>(listener: HintListener, work: () => Promise<Value>) => Promise<Value>;
  /** @param sender The listener that sends the hint, and doesn't get it. */
  readonly tell: (address: string, sender: HintListener) => void;
}

/**
 * Makes the hints of one client and of all clients that extend it. They share one BroadcastChannel, which is open only
 * while it is of use: a browser drops a page from its back/forward cache if a channel of that page receives a message.
 */
export function createHints(): Hints {
  const listeners = new Set<HintListener>();
  let channel: BroadcastChannel | undefined;
  let users = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const notify = (address?: string, sender?: HintListener): void => {
    for (const listener of listeners) if (listener !== sender) listener(address);
  };
  const close = (): void => {
    channel?.close();
    channel = undefined;
    // From now on hints may be missed.
    notify();
    if (users === 0) listeners.clear();
    // A listener that stays would keep an unused client in memory.
    page.removeEventListener?.('pagehide', close);
  };
  /** Opens the channel, and closes it when it hasn't been used for long enough. */
  const use = (change: number): void => {
    users += change;
    clearTimeout(timer);
    // The timer uses real time, as it changes no outcome.
    // eslint-disable-next-line no-restricted-globals -- A virtual clock needn't drive it, and Node needn't stay for it.
    timer = setTimeout(() => users > 0 || close(), openFor);
    unref(timer);
    if (channel || typeof BroadcastChannel === 'undefined') return;
    channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') notify(data);
    };
    unref(channel);
    page.addEventListener?.('pagehide', close);
  };

  return {
    async during(listener, work) {
      listeners.add(listener);
      use(1);
      return work().finally(() => use(-1));
    },
    tell(address, sender) {
      use(0);
      channel?.postMessage(address);
      notify(address, sender);
    },
  };
}

/** Lets Node exit while a hint may still come. */
function unref(waiting: unknown): void {
  (waiting as { readonly unref?: () => void }).unref?.();
}

const page = globalThis as Partial<Pick<Window, 'addEventListener' | 'removeEventListener'>>;
