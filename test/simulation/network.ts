import type { Chance } from './chance.ts';
import type { Call, Reply } from './model-server.ts';
import type { Fault, Scenario } from './scenario.ts';
import type { Timeline } from './timeline.ts';
import { callOf, describe, responseOf, type Receiver } from './wire.ts';

/** Who sends a request: once it is gone, no answer reaches it. */
export interface Sender {
  readonly name: string;
  readonly isGone: boolean;
}

/** What there is to say about one request. Only a replay listens. */
export type Trace = (line: () => string) => void;

/** Those that happen to nothing but a write. */
export const forWrites: readonly Fault[] = [
  'duplicated',
  'repeated',
  'late',
  'redirect',
  'error after commit',
];
/** Those that happen to nothing but a read. */
export const forReads: readonly Fault[] = ['replica lags', 'torn'];

/** The way between clients and a server, with all that may happen on it. */
export class Network {
  requests = 0;
  /** How many requests there were for which the one fault is. */
  #eligible = 0;
  readonly faults: Partial<Record<Fault, number>> = {};
  readonly #scenario: Pick<Scenario, 'rates' | 'once' | 'server'>;
  readonly #timeline: Timeline;
  readonly #chance: Chance;
  readonly #trace: Trace;
  readonly #latencies: readonly [least: number, most: number];
  readonly #rates: readonly (readonly [Fault, number])[];

  /** @param latencies The shortest and the longest way in one direction, in milliseconds. */
  constructor(
    scenario: Pick<Scenario, 'rates' | 'once' | 'server'>,
    timeline: Timeline,
    chance: Chance,
    trace: Trace,
    latencies: readonly [least: number, most: number] = [1, 40],
  ) {
    this.#latencies = latencies;
    this.#scenario = scenario;
    this.#timeline = timeline;
    this.#chance = chance;
    this.#trace = trace;
    this.#rates = Object.entries(scenario.rates) as [Fault, number][];
  }

  /** A `fetch` of one client's, to one server. */
  fetchFor(sender: Sender, server: Receiver): typeof fetch {
    return async (input, init) => {
      const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
      return this.send(sender, server, await callOf(input, init), signal);
    };
  }

  /** Sends a request over a network without faults, and gives what the newest state is. */
  ask(server: Receiver): Promise<Reply> {
    this.requests += 1;
    return new Promise((resolve) => {
      const call = { method: 'GET', url: '', headers: new Headers(), body: '' };
      const arrive = (): void =>
        server.receive(call, 0, 0, (reply) => this.#timeline.after(this.#latency(), () => resolve(reply)));
      this.#timeline.after(this.#latency(), arrive, true);
    });
  }

  /** Sends a request of one client's. */
  send(
    sender: Sender,
    server: Receiver,
    call: Call,
    signal: AbortSignal | null | undefined,
  ): Promise<Response> {
    const number = (this.requests += 1);
    const fault = this.#draw(call.method);
    const timeline = this.#timeline;
    const tell = (what: string): void =>
      this.#trace(() => `${timeline.now.toFixed(0).padStart(6)} ${sender.name} #${number} ${what}`);
    // Copies of one request take the server the same time, so that they keep their order.
    const work = this.#scenario.server.work && this.#chance.between(0, this.#scenario.server.work);
    tell(`sends ${describe(call)}${fault ? `, ${fault}` : ''}`);

    return new Promise((resolve, reject) => {
      const onAbort = (): void => settle(() => reject(signal?.reason as Error));
      const settle = (how: () => void): void => {
        signal?.removeEventListener('abort', onAbort);
        if (!sender.isGone) how();
      };
      if (signal?.aborted) {
        onAbort();
        return;
      }
      signal?.addEventListener('abort', onAbort);

      const answer = (reply: Reply): void => {
        timeline.after(this.#latency(fault), () => {
          tell(`is answered ${reply.status} ${reply.headers.etag ?? ''}`);
          settle(() => resolve(responseOf(reply, fault === 'torn')));
        });
      };
      const breakOff = (delay: number, code = 'ECONNRESET', elsewhere = {}): void => {
        timeline.after(delay, () => {
          tell(`breaks off: ${code}`);
          settle(() => reject(new TypeError('fetch failed', { cause: { code, ...elsewhere } })));
        });
      };
      const arrive = (delay: number, onReply: (reply: Reply) => void): void => {
        const lag = fault === 'replica lags' ? this.#scenario.server.lag : 0;
        const receive = (): void =>
          server.receive(call, work, lag, (reply) => {
            tell(`arrives at the server, which says ${reply.status}; it has v${server.newest.number}`);
            onReply(reply);
          });
        timeline.after(delay, receive, true);
      };
      const redirect = (): void => {
        if (call.redirect === 'manual')
          answer({ status: 303, headers: { location: 'https://done.test:81/' } });
        else breakOff(this.#latency(), 'ECONNREFUSED', { syscall: 'connect', address: '10.0.0.9', port: 81 });
      };
      this.#carry(fault, { answer, breakOff, arrive, redirect });
    });
  }

  #carry(fault: Fault | undefined, way: Way): void {
    const there = this.#latency(fault);
    const { answer, breakOff, arrive, redirect } = way;
    if (fault === 'unreachable') breakOff(1, 'ECONNREFUSED');
    else if (fault === 'lost before') breakOff(there);
    else if (fault === 'lost after') {
      // The server may still be at work on it.
      arrive(there, () => undefined);
      breakOff(there + this.#latency());
    } else if (fault === 'hangs after') arrive(there, () => undefined);
    else if (fault === 'late') {
      if (this.#chance.happens(0.5)) breakOff(there);
      arrive(there + this.#chance.between(50, 6_000), () => undefined);
    } else if (fault === 'error before') this.#timeline.after(there, () => answer(this.#broken()), true);
    else if (fault === 'redirect') arrive(there, redirect);
    else if (fault === 'error after commit') arrive(there, () => answer(this.#broken()));
    else if (fault === 'throttled') this.#timeline.after(there, () => answer(this.#throttled()), true);
    else if (fault === 'repeated') arrive(there, () => arrive(this.#latency(), answer));
    else if (fault !== 'hangs before') {
      arrive(there, answer);
      if (fault === 'duplicated') arrive(there + this.#chance.between(0, 3_000), () => undefined);
    }
  }

  #draw(method: string): Fault | undefined {
    const { once } = this.#scenario;
    const others = method === 'GET' ? forWrites : forReads;
    let drawn: Fault | undefined;
    if (once && !others.includes(once.fault) && (this.#eligible += 1) === once.at) drawn = once.fault;
    for (const [fault, rate] of this.#rates)
      if (!drawn && !others.includes(fault) && this.#chance.happens(rate)) drawn = fault;
    if (drawn) this.faults[drawn] = (this.faults[drawn] ?? 0) + 1;
    return drawn;
  }

  #latency(fault?: Fault): number {
    return fault === 'slow' ? this.#chance.between(50, 3_000) : this.#chance.between(...this.#latencies);
  }

  #broken(): Reply {
    return { status: this.#chance.pick([500, 502, 503, 504, 408]), headers: {}, body: 'Something is broken' };
  }

  #throttled(): Reply {
    const headers = { 'retry-after': String(this.#chance.between(0, 3)) };
    return { status: this.#chance.pick([429, 503]), headers, body: 'Not so fast' };
  }
}

interface Way {
  readonly answer: (reply: Reply) => void;
  readonly breakOff: (delay: number, code?: string) => void;
  readonly arrive: (delay: number, onReply: (reply: Reply) => void) => void;
  /** Answers by a redirect, which a fetch follows unless it is told not to. */
  readonly redirect: () => void;
}
