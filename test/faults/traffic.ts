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
  readonly #hung = new WeakSet();
  readonly #requests = new Map<string, Set<object>>();
  #onChange = Promise.withResolvers<undefined>();

  readonly #began = (message: unknown): void => {
    const { request } = message as Told;
    this.#under(request.path).add(request);
  };
  readonly #ended = (message: unknown): void => {
    const { request } = message as Told;
    this.#under(request.path).delete(request);
    this.#tellChange();
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

  /** Says that whatever is on its way now will get no answer. */
  hang(path: string): void {
    for (const request of this.#under(path)) this.#hung.add(request);
    this.#tellChange();
  }

  /** Resolves when only time can bring about anything more: nothing is on its way but what hangs. */
  async quiet(path: string): Promise<void> {
    const isBusy = (): boolean => [...this.#under(path)].some((request) => !this.#hung.has(request));
    for (let turn = 0; turn < 20; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      for (; isBusy(); turn = 0) await this.#onChange.promise;
    }
  }

  /** Resolves when nothing is on its way. */
  async settled(): Promise<void> {
    while ([...this.#requests.values()].some(({ size }) => size > 0)) await this.#onChange.promise;
  }

  #under(path: string): Set<object> {
    const key = path.split('/', 3).join('/');
    const requests = this.#requests.get(key) ?? new Set();
    this.#requests.set(key, requests);
    return requests;
  }

  #tellChange(): void {
    this.#onChange.resolve(undefined);
    this.#onChange = Promise.withResolvers();
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
