import type { Input, Options } from 'ky';
import { isStream } from '../shell/body.ts';
import { isRequest, settingsOf } from '../shell/request.ts';

/** How a request that ky has made is sent by `fetch(url, init)`. */
export interface Outgoing {
  /** To be given to ky: what it makes of a value is then known. */
  readonly stringifyJson: (data: unknown) => string;
  /** What makes the request: its body as a value where that is known, a stream as one, or the Request itself. */
  readonly callOf: (request: Request) => [input: string | Request, init: RequestInit];
  /** Aborts with the request's, and with `stop`. `null` where nobody can abort it: a signal is dear. */
  readonly signalOf: (request: Request) => AbortSignal | null;
  /** Says before it goes out that `stop` may be called. */
  readonly mayStop: () => void;
  /** Ends whatever is under way of it, the body of its answer, too. */
  readonly stop: () => void;
}

/**
 * Where no hook can change what goes out, its body and its signal are the caller's own: to take them back out of ky's
 * request would cost more than all else that is done for a write without a conflict.
 *
 * @param said The options as ky goes by them.
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
      // Its body may stall, and is read while it is sent.
      return [request, init];
    },
  };
}

/** A request that a hook has given, as one of this realm: a library may have a `Request` of its own. */
export function asRequest(given: Request): Request {
  if (given instanceof Request) return given;
  const { url, method, headers, body, signal } = given;
  const init = { ...settingsOf(given), method, headers: [...headers], body, signal, duplex: 'half' };
  return new Request(url, init);
}
