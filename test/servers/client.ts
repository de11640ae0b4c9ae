import {
  recoveryOf,
  threeWay,
  withConflictRecovery,
  type Recovery,
  type RecoveringFetch,
  type RouteOptions,
} from 'remerge';
import type { Adapter, Ask, Shown } from './adapter.ts';

/** A document as somebody has read it. */
export type Seen = Shown<unknown>;

/** How a write came out. */
export interface Outcome {
  readonly recovery: Recovery;
  /** The answer; `undefined` where the write rejected. */
  readonly response: Response | undefined;
}

/** Somebody who works on the documents of a server, with remerge around fetch. */
export class Client {
  readonly #adapter: Adapter;
  readonly #url: URL;
  readonly #fetch: RecoveringFetch;

  constructor(adapter: Adapter, url: URL, id: string, more: RouteOptions = {}) {
    this.#adapter = adapter;
    this.#url = url;
    this.#fetch = withConflictRecovery(fetch, {
      defaults: { merge: threeWay(), ...adapter.route(id), ...more },
    });
  }

  /** Sends a request as it is, and takes no answer for an error. */
  async send(ask: Ask, base?: unknown): Promise<Response> {
    const { path, method = 'GET', headers = {}, body } = ask;
    const init = { method, headers, ...(body !== undefined && { body }) };
    return this.#fetch(new URL(path, this.#url), base === undefined ? init : { ...init, base });
  }

  /** Makes a write, and tells how it came out. */
  async write(ask: Ask, base?: unknown): Promise<Outcome> {
    const outcome: unknown = await this.send(ask, base).catch((error: unknown) => error);
    const recovery = recoveryOf(outcome);
    if (!recovery) throw outcome instanceof Error ? outcome : new Error('No write on a route.');
    return { recovery, response: outcome instanceof Response ? outcome : undefined };
  }

  async read(id: string): Promise<Seen> {
    const seen = await this.find(id);
    if (!seen) throw new Error(`There is no document ${id}.`);
    return seen;
  }

  /** The document, or `undefined` where there is none. */
  async find(id: string): Promise<Seen | undefined> {
    const response = await this.send(this.#adapter.read(id));
    const { headers, status } = response;
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`Reading ${id} came to ${status}: ${await response.text()}`);
    const isJson = headers.get('content-type')?.includes('json');
    return { headers, state: isJson ? await response.json() : await response.text() };
  }

  /** Writes an edit of what was seen, under the version that was seen. */
  async save(id: string, seen: Seen, name: string, value: string): Promise<Outcome> {
    const ask = this.#adapter.write(id, this.#adapter.edit(seen.state, name, value));
    return this.write(...under(ask, seen));
  }

  async remove(id: string, seen: Seen): Promise<Outcome> {
    return this.write(...under(this.#adapter.remove(id), seen));
  }
}

/** A request with its base. An object is known for what it is; text names its version itself. */
function under(ask: Ask, { state, headers }: Seen): [ask: Ask, base?: unknown] {
  if (typeof state !== 'string') return [ask, state];
  const tag = headers.get('etag');
  return [tag === null ? ask : { ...ask, headers: { ...ask.headers, 'if-match': tag } }];
}
