import type { Violation } from '../history.ts';
import type { Entry } from '../notebook.ts';
import type { Scenario } from '../scenario.ts';
import { Life, type Asking, type Return } from './life.ts';

/** What a client has lived through so far, and what it waits for. */
export interface Moment {
  readonly name: string;
  /** Tells this from all else that any client may have lived through. */
  readonly number: number;
  /** `undefined` at the end of its life. */
  readonly asks: Asking | undefined;
  readonly entries: readonly Entry[];
  readonly flaws: readonly Violation[];
  /** What came back of each request until now. */
  readonly heard: readonly Return[];
}

/**
 * All lives that clients may have. A client is a function of what comes back of its requests: it has its own clock, its own
 * ids and its own instance of remerge. So each life is lived once, by the real SDK, whatever happens elsewhere meanwhile.
 */
export class Lives {
  /** How many times a client was run from its beginning. */
  runs = 0;
  readonly #scenario: Scenario;
  readonly #next = new Map<string, Moment>();
  #numbers = 0;
  /** The life that was lived last, which may go on without being lived from its beginning. */
  #last: { readonly moment: Moment; readonly life: Life } | undefined;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  /** How a client's life begins. */
  async begin(name: string): Promise<Moment> {
    const life = new Life(name, this.#scenario);
    this.runs += 1;
    return this.#keep(life, { name, asks: await life.asks(), heard: [] });
  }

  /** How it goes on where something comes back. */
  async after(moment: Moment, back: Return): Promise<Moment> {
    const key = `${moment.number} ${keyOf(back)}`;
    const known = this.#next.get(key);
    if (known) return known;
    const life = await this.#at(moment);
    await life.hear(back);
    const { name, heard } = moment;
    const next = this.#keep(life, { name, asks: await life.asks(), heard: [...heard, back] });
    this.#next.set(key, next);
    return next;
  }

  async #at(moment: Moment): Promise<Life> {
    const last = this.#last;
    this.#last = undefined;
    if (last?.moment === moment) return last.life;
    const life = new Life(moment.name, this.#scenario);
    this.runs += 1;
    for (const back of moment.heard) {
      await life.asks();
      await life.hear(back);
    }
    // What it has heard last may not have reached everybody.
    await life.asks();
    return life;
  }

  #keep(life: Life, { name, asks, heard }: Pick<Moment, 'name' | 'asks' | 'heard'>): Moment {
    const moment = { name, number: (this.#numbers += 1), asks, heard, ...life.told };
    this.#last = { moment, life };
    return moment;
  }
}

const keys = new WeakMap<Return, string>();

/** A text that two have in common exactly when nobody can tell them apart. */
function keyOf(back: Return): string {
  const known = keys.get(back);
  if (known !== undefined) return known;
  const key = JSON.stringify(back);
  keys.set(back, key);
  return key;
}
