import type { OperationHabit, Scenario } from './scenario.ts';
import type { Timeline } from './timeline.ts';

/** A request as the server sees it. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
  /** What is done with a redirect. Default: it is followed. */
  readonly redirect?: RequestRedirect | undefined;
}

/** An answer, before it goes on its way. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One state of the resource. */
export interface State {
  /** `undefined` while there is nothing. */
  readonly text: string | undefined;
  /** Counted from 1; 0 while there is nothing. */
  readonly number: number;
  /** When it came about, in milliseconds of virtual time. */
  readonly at: number;
  readonly lastWrite: string | null;
  /** In whose name it was written. */
  readonly operation: string | null;
}

interface Kept {
  readonly body: string;
  /** `undefined` while it is at work. */
  reply: Reply | undefined;
}

/** An operation as which a write was taken on. */
interface Job {
  readonly id: string | null;
  readonly end: OperationHabit['end'];
  /** The answer that the write would have got; `undefined` while it goes on. */
  reply: Reply | undefined;
}

/** How a server understands what it is sent. */
export interface Reading {
  /** The version that a body names. */
  readonly versionIn: (said: unknown) => unknown;
  /** What a write makes of what is there; `undefined` where it can't be made. */
  readonly made: (before: object, method: string, said: unknown) => object | undefined;
}

/** A PATCH names members, and whatever else comes is the new state. */
const plain: Reading = {
  versionIn: (said) => (said as { readonly version?: unknown }).version,
  made: (before, method, said) => ({ ...(method === 'PATCH' && before), ...(said as object) }),
};

/** How a write is marked as part of an operation. The server makes nothing of it, and the checkers all. */
export const operationHeader = 'x-operation';

/** How an answer says to the checkers which state it shows. */
export const shownHeader = 'x-shown';

/**
 * A server with one resource. It compares and sets by `If-Match`, or by the version in the body, all in one moment, and
 * honours idempotency keys as draft-ietf-httpapi-idempotency-key-header has it.
 */
export class ModelServer {
  /** Every state that there was, in order. */
  readonly states: State[] = [];
  /** How many writes came without any precondition. */
  unconditional = 0;
  #newest: State;
  readonly #scenario: Pick<Scenario, 'version' | 'server' | 'difference'>;
  readonly #timeline: Timeline;
  readonly #reading: Reading;
  readonly #keys = new Map<string, Kept>();
  readonly #jobs: Job[] = [];

  constructor(
    scenario: Pick<Scenario, 'version' | 'server' | 'difference'>,
    timeline: Timeline,
    initial: object | undefined,
    reading = plain,
  ) {
    this.#scenario = scenario;
    this.#timeline = timeline;
    this.#reading = reading;
    this.#newest = { text: undefined, number: 0, at: 0, lastWrite: null, operation: null };
    if (initial)
      this.#keep(JSON.stringify(this.#isInBody ? { ...initial, version: 1 } : initial), null, null);
    else this.states.push(this.#newest);
  }

  /**
   * Takes a request.
   *
   * @param work How long it works on a write before it looks at it.
   * @param lag How old the state is that a read gets.
   */
  receive(call: Call, work: number, lag: number, answer: (reply: Reply) => void): void {
    const monitor = /\/jobs\/(\d+)$/.exec(call.url)?.[1];
    if (monitor !== undefined) {
      answer(this.#monitor(Number(monitor)));
      return;
    }
    if (call.method === 'GET') {
      answer(this.#show(this.#asOf(this.#timeline.now - lag)));
      return;
    }
    const key = call.headers.get('idempotency-key');
    const kept = key === null ? undefined : this.#keys.get(key);
    if (kept && kept.body !== call.body) {
      answer(problem(422, 'This Idempotency-Key is used already'));
      return;
    }
    if (kept) {
      answer(kept.reply ?? problem(409, 'A request with this Idempotency-Key is in progress'));
      return;
    }
    const entry: Kept = { body: call.body, reply: undefined };
    if (key !== null) this.#keys.set(key, entry);
    const { operations } = this.#scenario.server;
    const habit = operations?.[this.#jobs.length % operations.length];
    if (habit) {
      answer(this.#takeOn(call, habit));
      return;
    }
    const commit = (): void => {
      entry.reply = this.#write(call);
      const isKept = this.#scenario.server.keeps === 'all' || entry.reply.status < 300;
      if (key !== null && !isKept) this.#keys.delete(key);
      answer(entry.reply);
    };
    if (work === 0) commit();
    else this.#timeline.after(work, commit, true);
  }

  /** Begins an operation, which looks at the version when its turn has come. */
  #takeOn(call: Call, { end, takes }: OperationHabit): Reply {
    const id = call.headers.get('operation-id');
    const known = this.#jobs.findIndex((job) => id !== null && job.id === id);
    if (known >= 0) return { status: 202, headers: { 'operation-location': `/jobs/${known}` } };
    const job: Job = { id, end, reply: undefined };
    this.#jobs.push(job);
    const make = (): void => {
      job.reply = end === 'failed' ? { status: 422, headers: {} } : this.#write(call);
    };
    this.#timeline.after(takes, make, true);
    return { status: 202, headers: { 'operation-location': `/jobs/${this.#jobs.length - 1}` } };
  }

  #monitor(number: number): Reply {
    const job = this.#jobs[number];
    if (!job || job.end === 'forgotten') return { status: 404, headers: {} };
    const { status } = job.reply ?? {};
    const made = status === undefined ? 'Running' : status < 300 ? 'Succeeded' : 'Failed';
    const error = made === 'Failed' ? { code: String(status) } : undefined;
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status: made, error }),
    };
  }

  get newest(): State {
    return this.#newest;
  }

  #write({ method, headers, body }: Call): Reply {
    const { newest } = this;
    const { answers, isLenient } = this.#scenario.server;
    const said: unknown = JSON.parse(body);
    const version = this.#isInBody ? this.#reading.versionIn(said) : headers.get('if-match');
    if (headers.has('if-none-match')) {
      if (newest.number > 0) return this.#refuse();
    } else if (newest.number === 0) {
      return { status: 404, headers: {} };
    } else if (version === undefined || version === null) {
      this.unconditional += 1;
      if (!isLenient) return { status: 428, headers: {} };
    } else if (version !== (this.#isInBody ? newest.number : tagOf(newest))) return this.#refuse();
    const as = this.#scenario.difference === 'part' ? 'PATCH' : method;
    const made = this.#reading.made(JSON.parse(newest.text ?? '{}') as object, as, said);
    if (!made) return { status: 422, headers: {}, body: 'It does not fit' };
    const next = { ...made, ...(this.#isInBody && { version: newest.number + 1 }) };
    this.#keep(JSON.stringify(next), headers.get('x-last-write'), headers.get(operationHeader));
    if (answers === 'state') return this.#show(this.newest);
    return { status: 204, headers: answers === 'tag' && !this.#isInBody ? { etag: tagOf(this.newest) } : {} };
  }

  #refuse(): Reply {
    const status = this.#isInBody ? 409 : 412;
    if (this.#scenario.server.showsState) return { ...this.#show(this.newest), status };
    return { status, headers: {}, body: 'It has moved on' };
  }

  #show(state: State): Reply {
    if (state.text === undefined) return { status: 404, headers: {}, body: 'There is nothing' };
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      [shownHeader]: String(state.number),
    };
    if (!this.#isInBody) headers.etag = tagOf(state);
    if (state.lastWrite !== null) headers['x-last-write'] = state.lastWrite;
    return { status: 200, headers, body: state.text };
  }

  #asOf(time: number): State {
    return this.states.findLast(({ at }) => at <= time) ?? this.states[0] ?? this.#newest;
  }

  #keep(text: string, lastWrite: string | null, operation: string | null): void {
    const number = this.#newest.number + 1;
    this.#newest = { text, number, at: this.#timeline.now, lastWrite, operation };
    this.states.push(this.#newest);
  }

  get #isInBody(): boolean {
    return this.#scenario.version === 'body';
  }
}

/** The tag of a state. */
export function tagOf({ number }: State): string {
  return `"v${number}"`;
}

function problem(status: number, title: string): Reply {
  const type = 'https://api.test/problems/idempotency-key';
  const headers = { 'content-type': 'application/problem+json' };
  return { status, headers, body: JSON.stringify({ type, title, status }) };
}
