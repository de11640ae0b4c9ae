/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  /** Which of the two origins it came to. */
  readonly origin: number;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  body: Buffer;
  /** Whether all of it came. */
  isWhole: boolean;
  /** What it was answered with; `undefined` where nothing was said. */
  answer: Answer | undefined;
}

/** How an answer leaves the server. `held`: never, until the stage is cleared. `stuck`: no further than its first part. */
export type Way = 'whole' | 'broken off' | 'reset' | 'reset after its head' | 'held' | 'stuck';

export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly way: Way;
}

/** What the server does with the requests of one call by one side. */
export interface Script {
  /** @param before The requests of the call that came before it. */
  readonly answer: (request: Arrived, before: readonly Arrived[]) => Answer;
  /** Called when some of a body has come, and when a request is there as a whole. */
  readonly onPart?: (() => void) | undefined;
  readonly onWhole?: (() => void) | undefined;
}

/** A script under way, and what has arrived for it. */
export class Stage {
  readonly arrived: Arrived[] = [];
  readonly script: Script;
  readonly #receiving = new Set<Promise<void>>();
  readonly #open = new Set<{ destroy: () => unknown }>();

  constructor(script: Script) {
    this.script = script;
  }

  receiving(received: Promise<void>, response: { destroy: () => unknown }): void {
    this.#receiving.add(received);
    this.#open.add(response);
  }

  closed(response: { destroy: () => unknown }): void {
    this.#open.delete(response);
  }

  /** Waits until no request is on its way in. */
  async quiet(): Promise<void> {
    await Promise.all(this.#receiving);
  }

  /** Breaks off whatever is still open. */
  clear(): void {
    for (const response of this.#open) response.destroy();
  }
}
