import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { VirtualClock } from '../support/clock.ts';

/** What undici, the runtime's fetch, tells of a request. */
interface Told {
  readonly request: { readonly path: string };
}

/**
 * The requests of this process that are on their way, as the runtime's fetch knows them: from their beginning until
 * the last byte of the answer, or its failure. They are told apart by the first two steps of their path.
 */
export class Traffic {
  readonly #under = new Set<object>();
  readonly #hung = new WeakSet();
  readonly #of = new Map<string, Set<object>>();

  readonly #began = (message: unknown): void => {
    const { request } = message as Told;
    const key = keyOf(request.path);
    this.#of.set(key, (this.#of.get(key) ?? new Set()).add(request));
    this.#under.add(request);
  };
  readonly #ended = (message: unknown): void => {
    const { request } = message as Told;
    this.#under.delete(request);
    this.#of.get(keyOf(request.path))?.delete(request);
  };

  start(): void {
    subscribe('undici:request:create', this.#began);
    subscribe('undici:request:trailers', this.#ended);
    subscribe('undici:request:error', this.#ended);
  }

  stop(): void {
    unsubscribe('undici:request:create', this.#began);
    unsubscribe('undici:request:trailers', this.#ended);
    unsubscribe('undici:request:error', this.#ended);
  }

  /** How many requests are on their way. */
  get size(): number {
    return this.#under.size;
  }

  /** Resolves when nothing is on its way. */
  async settled(): Promise<void> {
    while (this.#under.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Says that whatever is on its way now will get no answer. */
  hang(path: string): void {
    for (const request of this.#of.get(keyOf(path)) ?? []) this.#hung.add(request);
  }

  /** Resolves when only time can bring about anything more: nothing is on its way but what hangs. */
  async quiet(path: string): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      const own = [...(this.#of.get(keyOf(path)) ?? [])];
      if (own.some((request) => !this.#hung.has(request))) turn = 0;
    }
  }
}

/** Time that passes only when every request that is on its way is known to hang. */
export class NetworkClock extends VirtualClock {
  readonly #traffic: Traffic;
  readonly #path: string;

  constructor(traffic: Traffic, path: string) {
    super();
    this.#traffic = traffic;
    this.#path = path;
  }

  override idle(): Promise<void> {
    return this.#traffic.quiet(this.#path);
  }
}

function keyOf(path: string): string {
  return path.split('/', 3).join('/');
}
