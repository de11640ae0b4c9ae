import { parseRetryAfter } from '../core/backoff.ts';
import { isTransient } from '../core/verdict.ts';
import type { Acceptance, Operation, OperationEnd, OperationState } from '../operation.ts';
import { discard } from '../shell/body.ts';
import { systemClock, type Clock } from '../shell/clock.ts';
import { Deadline } from '../shell/deadline.ts';
import { followBy, type Pending } from './follow.ts';
import { monitorNamedBy } from './monitor.ts';
import { stateShownBy } from './state.ts';

/** The options of `poll`. */
export interface PollOptions {
  /**
   * Says where an operation is followed: the address of its monitor, or `undefined` if the answer tells of no operation
   * that goes on. `body` is JSON, else text. With `operationId` it is also asked, without `response` and `body`, for the
   * monitor of a write whose answer was lost. Default: `Operation-Location`, `Azure-AsyncOperation`, or the `Location` of
   * a 202.
   */
  readonly monitor?: (write: {
    readonly url: URL;
    readonly operationId: string | undefined;
    readonly response: Response | undefined;
    readonly body: unknown;
  }) => URL | string | undefined;
  /**
   * Says in which state an operation is, by an answer of its monitor; `undefined` leaves it to the default. Default: it goes
   * on after a 202, and while `done`, `status` or `provisioningState` of the body say so; a 303, and any other 2xx, tell of
   * success; an error that is a conflict (409, 412, `ABORTED`) is `'conflict'`.
   */
  readonly state?: (response: Response, body: unknown) => OperationState | undefined;
  /**
   * Milliseconds between two looks, where the server names no `Retry-After` (RFC 9110 §10.2.3); `look` counts from 1.
   * Default: `look => Math.min(1000 * 1.5 ** (look - 1), 10_000)`.
   */
  readonly interval?: number | ((look: number) => number);
  /** The longest wait in milliseconds that `Retry-After` may ask for. Default: 60 000. */
  readonly maxRetryAfter?: number;
  /**
   * Milliseconds that an operation is followed, or `false` for no end. It counts apart from `totalTimeout`. Past it: `timeout`,
   * and the operation goes on. Default: 600 000.
   */
  readonly timeout?: number | false;
  /** Other origins on which a monitor may be, such as `'https://jobs.example.com'`. They get no credentials. Default: none. */
  readonly origins?: readonly string[];
  /** Reads the monitors on other origins. Default: `globalThis.fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /**
   * Whether each write gets an `Operation-Id` of its own, by which the server knows it again (Azure API guidelines,
   * 'Long-Running Operations'). A write whose answer was lost is sent again under the same id. Default: `false`.
   */
  readonly operationId?: boolean;
}

/** Follows operations, and goes on with one that another process has begun. The result of `poll`. */
export interface Polling extends Acceptance {
  /**
   * Follows an operation that was pending when another process left it.
   *
   * @param operation `operation` of a report, as it is or from JSON.
   * @param options.fetch Sends the looks, with the credentials that they need.
   * @throws The reason of the signal.
   */
  readonly resume: (
    operation: Operation,
    options: {
      readonly fetch: typeof globalThis.fetch;
      readonly signal?: AbortSignal;
      readonly clock?: Clock;
    },
  ) => Promise<OperationEnd>;
}

/**
 * Follows an operation that a server has taken on (202) until it is done. Then one fresh read gives value and version. One
 * that fails by a conflict recovers like a refused write. While it goes on, updates of the resource wait.
 *
 * Sources: RFC 9110 §15.3.3; Azure API guidelines, 'Long-Running Operations'; AIP-151.
 */
export function poll(options: PollOptions = {}): Polling {
  const { monitor, state, interval = growing, maxRetryAfter = 60_000, timeout = 600_000 } = options;
  const { origins = [], fetch: fetchElsewhere, operationId = false } = options;

  /** The address of a monitor, if it may be followed. */
  function allowed(named: URL | string | undefined, from: URL, home: URL): URL | undefined {
    if (named === undefined) return undefined;
    const at = new URL(named, from);
    return at.origin === home.origin || origins.includes(at.origin) ? at : undefined;
  }

  /** Reads a monitor. What names the user stays on the origin of the resource. */
  function readAt(at: URL, { url, read }: Pending, signal: AbortSignal): Promise<Response> {
    if (at.origin === url.origin) return read(at, signal);
    const send = fetchElsewhere ?? globalThis.fetch;
    return send(at.href, { credentials: 'omit', cache: 'no-store', redirect: 'manual', signal });
  }

  async function watch(
    start: URL,
    pending: Pending,
    shows: Operation['shows'],
    limit: Deadline,
  ): Promise<OperationEnd> {
    const { clock } = pending;
    let at = start;
    let shown = pending.response;
    for (let look = 1; ; look += 1) {
      const asks = parseRetryAfter(shown?.headers.get('retry-after') ?? null, clock.now());
      const own = typeof interval === 'number' ? interval : interval(look);
      await limit.sleep(asks === undefined ? own : Math.min(asks, maxRetryAfter));
      shown = await limit.race(readAt(at, pending, limit.signal)).catch(() => undefined);
      limit.signal.throwIfAborted();
      // The way there is broken, or the monitor has too much to do: the operation goes on.
      if (!shown || isTransient(shown.status)) continue;
      const response = shown;
      const body = await limit.race(pending.bodyOf(response));
      discard(response);
      const found = state?.(response, body) ?? stateShownBy(response, body, shows);
      if (found !== 'running') return endedAs(found, response, body);
      at = allowed(monitorNamedBy(response)?.at, at, pending.url) ?? at;
    }
  }

  /** The end of an operation, or that it takes too long. */
  async function watchInTime(start: URL, pending: Pending, shows: Operation['shows']): Promise<OperationEnd> {
    const { clock, signal } = pending;
    const limit = new Deadline(clock, timeout, signal);
    try {
      return await watch(start, pending, shows, limit);
    } catch (error) {
      if (signal.aborted || !limit.expired) throw error;
      return { kind: 'timeout' };
    } finally {
      limit.stop();
    }
  }

  return {
    operationId,
    follow: followBy(async (pending) => {
      const { method, url, operationId: id, response } = pending;
      const body = monitor && response ? await pending.bodyOf(response) : undefined;
      const named = monitor
        ? { at: monitor({ url: new URL(url), operationId: id, response, body }), shows: 'result' as const }
        : response && monitorNamedBy(response);
      const at = allowed(named?.at, response?.url ? new URL(response.url) : url, url);
      if (!named || !at) return undefined;
      // An operation may be over at once.
      const first = monitor && response ? state?.(response, body) : undefined;
      if (response && first && first !== 'running') return endedAs(first, response, body);
      pending.onPending({ method, url: url.href, monitor: at.href, shows: named.shows });
      return watchInTime(at, pending, named.shows);
    }),
    async resume({ method, url: href, monitor: named, shows }, { fetch, signal, clock = systemClock }) {
      const url = new URL(href);
      const at = allowed(named, url, url);
      if (!at) throw new TypeError('The monitor is on another origin than its resource. See origins.');
      return watchInTime(
        at,
        {
          ...{ method, url, clock, operationId: undefined, response: undefined },
          signal: signal ?? new AbortController().signal,
          read: (address, within) =>
            fetch(address.href, { cache: 'no-store', redirect: 'manual', signal: within }),
          bodyOf: jsonOrText,
          onPending: () => undefined,
        },
        shows,
      );
    },
  };
}

/** Soon at first, as most operations are short, and ever more seldom. */
function growing(look: number): number {
  return Math.min(1_000 * 1.5 ** (look - 1), 10_000);
}

function endedAs(
  state: Exclude<OperationState, 'running'> | undefined,
  response: Response,
  data: unknown,
): OperationEnd {
  return state === 'succeeded' ? { kind: state } : { kind: state ?? 'unknown', response, data };
}

/** The body of an answer: JSON, else text; `undefined` where it breaks off. */
async function jsonOrText(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => undefined);
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch {
    return text;
  }
}
