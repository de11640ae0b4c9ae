import type { Input, Options } from 'ky';
import { isStream } from '../shell/body.ts';
import { isRequest, settingsOf } from '../shell/request.ts';

/** The way in which a request that ky has made is sent by `fetch(url, init)`. */
export interface Outgoing {
  /** Writes JSON for ky, and keeps the text, so that the body is known. */
  readonly stringifyJson: (data: unknown) => string;
  /** Returns the arguments of `fetch`: the body as a value if that is known, a stream as a stream, or the Request itself. */
  readonly callOf: (request: Request) => [input: string | Request, init: RequestInit];
  /**
   * Returns a signal that aborts with the signal of the request, and with `stop`. `null` if neither can abort, as a
   * signal is costly.
   */
  readonly signalOf: (request: Request) => AbortSignal | null;
  /** Announces, before the request goes out, that `stop` may be called. */
  readonly mayStop: () => void;
  /** Ends the request that is under way, and the body of its answer. */
  readonly stop: () => void;
}

/**
 * Says how to send a request of ky. If no hook can change what goes out, body and signal come from the caller's
 * options: to take them back out of ky's request would cost more than all other work for a write without a conflict.
 *
 * @param said The options that ky uses.
 */
export function outgoing(input: Input, said: Options): Outgoing {
  const { stringifyJson = JSON.stringify, hooks, onUploadProgress, body, signal: callers } = said;
  const isHooked = [hooks?.beforeRequest, hooks?.afterResponse].some((list) => list?.length);
  const isAsGiven = !isRequest(input) && !isHooked && !onUploadProgress;
  let stopping: AbortController | undefined;
  const signalOf = (request: Request): AbortSignal | null => {
    const ours = stopping?.signal ?? null;
    if (isAsGiven && !callers) return ours;
    return ours ? AbortSignal.any([request.signal, ours]) : request.signal;
  };
  let text = typeof body === 'string' ? body : undefined;
  return {
    stringifyJson: (data) => (text = stringifyJson(data)),
    signalOf,
    mayStop: () => (stopping ??= new AbortController()),
    stop: () => stopping?.abort(),
    callOf(request) {
      const settings = settingsOf(isAsGiven ? said : request);
      const init: RequestInit = { ...settings, method: request.method, signal: signalOf(request) };
      const { url } = request;
      if (isAsGiven && text !== undefined) return [url, { ...init, body: text }];
      if (isStream(body)) return [url, { ...init, body: request.body, duplex: 'half' } as RequestInit];
      // The body of a Request may stall, so it is read while it is sent.
      return [request, init];
    },
  };
}

/** Returns a request of a hook as one of this realm: a library may have a `Request` of its own. */
export function asRequest(given: Request): Request {
  if (given instanceof Request) return given;
  const { url, method, headers, body, signal } = given;
  const init = { ...settingsOf(given), method, headers: [...headers], body, signal, duplex: 'half' };
  return new Request(url, init);
}
