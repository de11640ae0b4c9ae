import type { Input, Options } from 'ky';
import { isStream } from '../shell/body.ts';
import { isRequest, settingsOf } from '../shell/request.ts';

/** A request that ky has made, as arguments of `fetch(url, init)`. */
export interface KyRequest {
  /** Writes JSON for ky, and keeps the text, so that the body is known. */
  readonly stringifyJson: (data: unknown) => string;
  /** Returns the arguments of `fetch`: the body as a value if that is known, a stream as a stream, or the Request itself. */
  readonly fetchArguments: (request: Request) => [input: string | Request, init: RequestInit];
  /**
   * Returns a signal that aborts with the signal of the request, and with `stop`. `null` if neither can abort, as a
   * signal is costly.
   */
  readonly signalOf: (request: Request) => AbortSignal | null;
  /** Announces, before the request goes out, that `stop` may be called. */
  readonly prepareStop: () => void;
  /** Ends the request that is under way, and the body of its answer. */
  readonly stop: () => void;
}

/**
 * Says how to send a request of ky. If no hook can change what goes out, body and signal come from the caller's
 * options: to take them back out of ky's request would cost more than all other work for a write without a conflict.
 *
 * @param kyOptions The options that ky uses.
 */
export function kyRequest(input: Input, kyOptions: Options): KyRequest {
  const { stringifyJson = JSON.stringify, hooks, onUploadProgress, body, signal: callerSignal } = kyOptions;
  const isHooked = [hooks?.beforeRequest, hooks?.afterResponse].some((list) => list?.length);
  const isAsGiven = !isRequest(input) && !isHooked && !onUploadProgress;
  let stopping: AbortController | undefined;
  const signalOf = (request: Request): AbortSignal | null => {
    const ours = stopping?.signal ?? null;
    if (isAsGiven && !callerSignal) return ours;
    return ours ? AbortSignal.any([request.signal, ours]) : request.signal;
  };
  let text = typeof body === 'string' ? body : undefined;
  return {
    stringifyJson: (data) => (text = stringifyJson(data)),
    signalOf,
    prepareStop: () => (stopping ??= new AbortController()),
    stop: () => stopping?.abort(),
    fetchArguments(request) {
      const settings = settingsOf(isAsGiven ? kyOptions : request);
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
export function asRequest(request: Request): Request {
  if (request instanceof Request) return request;
  const { url, method, headers, body, signal } = request;
  const init = { ...settingsOf(request), method, headers: [...headers], body, signal, duplex: 'half' };
  return new Request(url, init);
}
