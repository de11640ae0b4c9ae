import { isRecord } from '../core/record.ts';
import { formatVersion } from '../core/version.ts';
import type { VersionOption } from '../core/version-rule.ts';
import type { Server } from '../server.ts';
import { systemClock, type Clock } from '../shell/clock.ts';
import {
  brokenOff,
  FaultPlan,
  networkError,
  unserved,
  withTag,
  type SeededFaults,
  type Step,
} from './faults.ts';
import { Service } from './service.ts';
import { shapeOf } from './shapes/shapes.ts';
import { Store } from './store.ts';
import { arrivedFrom } from './arrived.ts';
import { Wire } from './wire.ts';

/** The settings of an origin. */
export interface OriginOptions {
  /** The places of the version, as in the options of a route. Default: that of `preset`, or `etag()`. */
  readonly version?: VersionOption;
  /**
   * The status of a write whose version isn't the current one. Default: 412 if a precondition header carries the
   * version, else 409.
   */
  readonly status?: number;
  /**
   * The answer to a write. `'value'`: 200 or 201 with the state. `'version'`: 204 or 201, and the headers that show the
   * version. `'nothing'`: 204 or 201, and no version. Default: `'value'` if the version is in the body, else `'version'`.
   */
  readonly answers?: 'value' | 'version' | 'nothing';
  /** Whether a write of an existing resource needs a version, and gets 428 without one. Default: `true`. */
  readonly requires?: boolean;
  /**
   * Has writes made later: each gets 202 with `Operation-Location`, and so many looks at the operation find it running.
   * The version is compared again when the write is made. Default: writes are made at once.
   */
  readonly operations?: number;
  /** The server that the origin answers as: a preset of `remerge/presets`, or facts of your own. Default: plain HTTP. */
  readonly preset?: Server;
  /** Faults that a seed chooses. Default: none but those of `next`. */
  readonly faults?: SeededFaults;
  /** Another writer, for the fault `'edit'`: gets a state and returns the next. Default: saves the same state again. */
  readonly rival?: (value: unknown) => unknown;
  /** The address of the origin. Default: `'https://origin.test/'`. */
  readonly url?: string;
  /** The time that slow answers take. Default: that of the system. */
  readonly clock?: Clock;
  /** How long a slow answer takes, in milliseconds. Default: 60000. */
  readonly delay?: number;
}

/** A server in this process; see `createOrigin`. */
export interface Origin {
  /** The address under which the resources are, with a slash at its end. */
  readonly url: string;
  /** Stands in for `fetch`. */
  readonly fetch: typeof globalThis.fetch;
  /**
   * The requests in the order of their answers: method, status, and the version that the answer to a read shows or that
   * a write names. `'PUT 412 "v1"'`, `'GET 200 "v2"'`; `'PUT lost "v1"'` never arrived, `'PUT 204 "v1", answer lost'` did.
   * A test may empty the list.
   */
  readonly log: string[];
  /** The requests as they were sent. */
  readonly requests: Request[];
  /** Whether no request arrives any more. Default: `false`. */
  offline: boolean;
  /** A copy of the state at a path, without its version; `undefined` where there is none. */
  value(path: string): unknown;
  /** The version of the state at a path; `undefined` where there is none. */
  version(path: string): string | undefined;
  /**
   * Another writer saves.
   *
   * @param change Members that the writer sets; or a function that gets a copy of the state and returns the next, or
   *   changes the copy and returns nothing.
   */
  edit(path: string, change: object | ((value: never) => unknown)): void;
  /** Another writer deletes. */
  delete(path: string): void;
  /**
   * Plans a fault for the next request with a method; `'*'` means any. Faults of one method are met in the order in
   * which they were planned.
   */
  next(method: string, step: Step): Origin;
}

/**
 * Makes a server in this process for tests: its `fetch` keeps resources with versions, compares and sets in one step, and
 * answers as a server does. It takes PUT, PATCH (merge patch, JSON Patch, and `application/json` for members that are
 * replaced), DELETE, POST to a collection, and `If-None-Match: *`.
 *
 * @param states The states at first, by their paths: `{ 'notes/1': { title: 'Groceries' } }`.
 */
export function createOrigin(
  states: Readonly<Record<string, unknown>> = {},
  options: OriginOptions = {},
): Origin {
  return new TestOrigin(states, options);
}

class TestOrigin implements Origin {
  readonly url: string;
  readonly log: string[] = [];
  readonly requests: Request[] = [];
  offline = false;
  readonly #options: OriginOptions;
  readonly #root: string;
  readonly #store = new Store();
  readonly #plan: FaultPlan;
  readonly #wire: Wire;
  readonly #service: Service;

  constructor(states: Readonly<Record<string, unknown>>, options: OriginOptions) {
    const { preset: server = {}, faults, operations, url = 'https://origin.test/' } = options;
    this.url = url.endsWith('/') ? url : `${url}/`;
    this.#root = new URL(this.url).pathname;
    this.#options = options;
    this.#plan = new FaultPlan(faults);
    this.#wire = new Wire({ ...options, server, shape: shapeOf(server) });
    this.#service = new Service({
      store: this.#store,
      wire: this.#wire,
      root: this.#root,
      writesByPost: server.replace === 'POST',
      looks: operations,
    });
    for (const [path, value] of Object.entries(states)) this.#save(path, value);
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input instanceof Request ? input : new URL(input, this.url), init);
    request.signal.throwIfAborted();
    this.requests.push(request);
    const response = await this.#answer(request);
    request.signal.throwIfAborted();
    return response;
  };

  value(path: string): unknown {
    return structuredClone(this.#store.get(path)?.value);
  }

  version(path: string): string | undefined {
    const stored = this.#store.get(path);
    return stored && formatVersion(this.#wire.version(stored));
  }

  edit(path: string, change: object | ((value: never) => unknown)): void {
    const value = this.value(path);
    if (typeof change !== 'function') {
      this.#save(path, isRecord(value) ? { ...value, ...change } : change);
      return;
    }
    const changed = (change as (value: unknown) => unknown)(value);
    this.#save(path, changed === undefined ? value : changed);
  }

  delete(path: string): void {
    this.#store.delete(path);
  }

  next(method: string, step: Step): this {
    this.#plan.add(method, step);
    return this;
  }

  #save(path: string, value: unknown): void {
    this.#store.set(path, this.#wire.state(structuredClone(value), value));
  }

  async #answer(request: Request): Promise<Response> {
    const step = this.offline ? 'lose-request' : this.#plan.take(request.method);
    const arrived = await arrivedFrom(request, this.#root);
    const own = typeof step === 'function' ? await step(request) : undefined;
    const other = own ?? (typeof step === 'number' ? unserved(step) : undefined);
    if (other || step === 'lose-request') {
      this.#note(request, other ? String(other.status) : 'lost', this.#service.named(arrived));
      if (other) return other;
      throw networkError();
    }
    const at = this.#wire.resource(arrived.path);
    if (step === 'edit' && this.#store.get(at)) this.edit(at, this.#options.rival ?? ((value) => value));
    if (step === 'delete') this.delete(at);
    const { response, version } = this.#service.serve(arrived, step === 'stale-read');
    return this.#deliver(request, withTag(response, step), version, step);
  }

  /** Brings an answer back over the network, as the fault has it. */
  async #deliver(
    request: Request,
    response: Response,
    version: string,
    step: Step | undefined,
  ): Promise<Response> {
    const { status, headers } = response;
    const isTag = version !== '' && this.#wire.showsTag && request.method === 'GET';
    const shown = isTag ? (headers.get('etag') ?? '') : version;
    this.#note(request, String(status), step === 'lose-answer' ? `${shown}, answer lost` : shown);
    if (step === 'lose-answer') throw networkError();
    if (step === 'slow') await this.#wait(request.signal);
    return step === 'reset' ? brokenOff(response) : response;
  }

  #note({ method }: Request, end: string, version: string): void {
    this.log.push(`${method} ${end} ${version}`.trimEnd().replace(' ,', ','));
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const { clock = systemClock, delay = 60_000 } = this.#options;
    await new Promise<void>((resolve) => {
      const cancel = clock.after(delay, resolve);
      const stop = (): void => {
        cancel();
        resolve();
      };
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}
