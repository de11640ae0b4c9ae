import type { Clock } from 'remerge';

/** What a client is given of the world, with everything counted that it must give back. */
export class World {
  /** Timers that are set, and neither over nor put away. */
  timers = 0;
  /** Bodies that nobody read or called off before their write was over. */
  unread = 0;
  requests = 0;
  lost = 0;
  readonly #loseEvery: number;

  /** @param loseEvery How many writes the server takes until the answer to one of them gets lost. */
  constructor(loseEvery: number) {
    this.#loseEvery = loseEvery;
  }

  /** The system's time and chance. */
  readonly clock: Clock = {
    now: () => performance.timeOrigin + performance.now(),
    random: () => Math.random(),
    id: () => crypto.randomUUID(),
    after: (delay, callback) => {
      this.timers += 1;
      let isSet = true;
      const over = (): void => {
        if (isSet) this.timers -= 1;
        isSet = false;
      };
      const timer = setTimeout(() => {
        over();
        callback();
      }, delay);
      return () => {
        over();
        clearTimeout(timer);
      };
    },
  };

  /** A fetch for writes that follow each other, and the count of the bodies that the last one left unread. */
  lane(): { readonly fetch: typeof fetch; readonly ended: () => void } {
    const answers: Response[] = [];
    return {
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        this.requests += 1;
        answers.push(response);
        const method = input instanceof Request ? input.method : init?.method;
        if (method === 'PUT' && response.ok && this.#losesOne()) {
          await response.body?.cancel();
          throw new TypeError('fetch failed');
        }
        return response;
      },
      ended: () => {
        this.unread += answers.splice(0).filter(({ body, bodyUsed }) => body && !bodyUsed).length;
      },
    };
  }

  #taken = 0;

  #losesOne(): boolean {
    this.#taken += 1;
    const isLost = this.#loseEvery > 0 && this.#taken % this.#loseEvery === 0;
    if (isLost) this.lost += 1;
    return isLost;
  }
}
