import { Chance } from '../chance.ts';
import { initialOf, mergeOf } from '../document.ts';
import type { Violation } from '../history.ts';
import { ModelServer, type Call, type Reply } from '../model-server.ts';
import { Notebook, type Entry } from '../notebook.ts';
import { Party, type Link } from '../party.ts';
import type { Scenario } from '../scenario.ts';
import { Timeline } from '../timeline.ts';
import { callOf, responseOf } from '../wire.ts';
import { Writer } from '../writer.ts';

/** What comes back of a request: an answer, a broken connection, or nothing for as long as anybody waits. */
export type Return =
  | { readonly kind: 'answer'; readonly reply: Reply; readonly isTorn?: boolean }
  | { readonly kind: 'break'; readonly code: string }
  | { readonly kind: 'silence' };

/** A request that is on its way. */
export interface Asking {
  readonly call: Call;
  /** Whether it is the caller's own read, before it calls remerge: nothing happens to that. */
  readonly isPlain: boolean;
}

interface Open extends Asking {
  readonly settle: (back: Return) => void;
}

/** One client that really runs. It is alone: all that it hears of the world is what comes back of its requests. */
export class Life {
  readonly #timeline = new Timeline();
  readonly #notebook: Notebook;
  #open: Open | undefined;
  readonly #flaws: Violation[] = [];

  constructor(name: string, scenario: Scenario) {
    const timeline = this.#timeline;
    // Its ids and waits are its own, so that they depend on nothing but what it has lived through.
    const chance = new Chance(name);
    // Nobody asks this one: the link is what reaches the server.
    const server = new ModelServer(scenario, timeline, initialOf(scenario));
    const world = { timeline, chance, network: this.#link, server };
    this.#notebook = new Notebook(timeline, scenario.limit, true);
    const party = new Party(name, scenario, mergeOf(scenario), world);
    new Writer(party, scenario, world, this.#notebook, []).live().catch((error: unknown) => {
      this.#flaws.push({ kind: 'no report', what: `${name} stopped: ${String(error)}` });
    });
  }

  /** What it waits for, once it can't go on by itself; `undefined` at the end of its life. */
  async asks(): Promise<Asking | undefined> {
    // Until what has come back is heard by everybody.
    await new Promise((resolve) => setImmediate(resolve));
    while (!this.#open && (await this.#timeline.next()));
    return this.#open;
  }

  /** Lets something come back. */
  async hear(back: Return): Promise<void> {
    if (back.kind !== 'silence') this.#open?.settle(back);
    else while (this.#open && (await this.#timeline.next()));
  }

  /** What its callers were told so far, and what was wrong with that. */
  get told(): { readonly entries: readonly Entry[]; readonly flaws: readonly Violation[] } {
    const { entries, violations } = this.#notebook;
    return { entries: entries.map((entry) => ({ ...entry })), flaws: [...violations, ...this.#flaws] };
  }

  get #link(): Link {
    return {
      fetchFor: () => async (input, init) => this.#send(await callOf(input, init), init?.signal),
      ask: () => {
        const call = { method: 'GET', url: '', headers: new Headers(), body: '' };
        return new Promise((resolve) => {
          const settle = (back: Return): void => {
            if (back.kind === 'answer') resolve(back.reply);
          };
          this.#wait({ call, isPlain: true, settle });
        });
      },
    };
  }

  #send(call: Call, signal: AbortSignal | null | undefined): Promise<Response> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#open = undefined;
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', onAbort);
      const settle = (back: Return): void => {
        signal?.removeEventListener('abort', onAbort);
        if (back.kind === 'answer') resolve(responseOf(back.reply, back.isTorn ?? false));
        else if (back.kind === 'break') reject(new TypeError('fetch failed', { cause: { code: back.code } }));
      };
      this.#wait({ call, isPlain: false, settle });
    });
  }

  #wait(open: Open): void {
    if (this.#open) throw new Error('A client of the walk has one request at a time.');
    const settle = (back: Return): void => {
      this.#open = undefined;
      open.settle(back);
    };
    this.#open = { ...open, settle };
  }
}
