import { initialOf } from '../document.ts';
import { ModelServer, tagOf, type Call, type Reply, type State } from '../model-server.ts';
import type { Scenario, Taker } from '../scenario.ts';
import { taking } from '../taker.ts';
import { Timeline } from '../timeline.ts';

/** What a server has made so far. */
export interface Past {
  /** Tells this from all else that a server may have made. */
  readonly number: number;
  readonly writes: readonly Call[];
  readonly states: readonly State[];
  readonly unconditional: number;
}

/** What a request comes to at a server. */
export interface Effect {
  readonly reply: Reply;
  readonly past: Past;
}

/** All that a server may come to: it is a function of the writes that it has made. */
export class Servers {
  readonly first: Past;
  readonly #scenario: Scenario;
  readonly #effects = new Map<string, Effect>();
  readonly #calls = new Map<string, number>();
  #numbers = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.first = this.#pastOf(this.#after([]).server, []);
  }

  /** @param lag How many states ago it is that a read shows. */
  receive(past: Past, call: Call, lag = 0): Effect {
    const key = `${past.number} ${this.numberOf(call)} ${lag}`;
    const known = this.#effects.get(key);
    if (known) return known;
    const { server, timeline } = this.#after(past.writes);
    if (call.method !== 'GET') timeline.now += 1;
    let reply: Reply | undefined;
    server.receive(call, 0, lag, (answer) => {
      reply = answer;
    });
    if (!reply) throw new Error('A server of the walk answers at once.');
    const isMade = server.states.length > past.states.length;
    const effect = { reply, past: isMade ? this.#pastOf(server, [...past.writes, call]) : past };
    this.#effects.set(key, effect);
    return effect;
  }

  /** Has somebody take back the newest item; `undefined` where there is none. */
  takeBack(past: Past, how: Taker): Past | undefined {
    const [newest, before] = past.states.slice(-2).reverse();
    if (!newest) return undefined;
    const tag = this.#scenario.version === 'header' ? tagOf(newest) : undefined;
    const call = taking(how, [before?.text, newest.text], tag, 'taken');
    return call && this.receive(past, call).past;
  }

  /** A number that two requests have in common exactly when a server can't tell them apart. */
  numberOf({ method, headers, body }: Call): number {
    const key = JSON.stringify([method, [...headers], body]);
    const known = this.#calls.get(key) ?? this.#calls.size;
    this.#calls.set(key, known);
    return known;
  }

  /** A server that has made some writes, each a millisecond after the one before. */
  #after(writes: readonly Call[]): { readonly server: ModelServer; readonly timeline: Timeline } {
    const timeline = new Timeline();
    const server = new ModelServer(
      this.#scenario,
      timeline,
      this.#scenario.isNew ? undefined : initialOf(this.#scenario),
    );
    for (const call of writes) {
      timeline.now += 1;
      server.receive(call, 0, 0, () => undefined);
    }
    return { server, timeline };
  }

  #pastOf({ states, unconditional }: ModelServer, writes: readonly Call[]): Past {
    return { number: (this.#numbers += 1), writes, states, unconditional };
  }
}
