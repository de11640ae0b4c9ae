import type { Input, Options } from 'ky';
import { settingsOf } from './shell/request.ts';

/** How a request that ky has made is sent by `fetch(url, init)`. */
export interface Outgoing {
  /** To be given to ky: what it makes of a value is then known. */
  readonly stringifyJson: (data: unknown) => string;
  /** The request as what makes it, its body as a value. A stream stays one. */
  readonly initOf: (request: Request) => Promise<RequestInit>;
}

/**
 * Where no hook can change what goes out, its body and its signal are the caller's own: to take them back out of ky's
 * request would cost more than all else that is done for a write without a conflict.
 */
export function outgoing(input: Input, own: Options, defaults: Options): Outgoing {
  const { stringifyJson = defaults.stringifyJson ?? JSON.stringify } = own;
  const isRequest = typeof input === 'object' && 'method' in input;
  const isAsGiven =
    !isRequest &&
    [defaults.hooks, own.hooks].every(
      (hooks) => !hooks?.init?.length && !hooks?.beforeRequest?.length && !hooks?.afterResponse?.length,
    );
  let text = typeof own.body === 'string' ? own.body : undefined;
  return {
    stringifyJson: (data) => (text = stringifyJson(data)),
    async initOf(request) {
      const signal = isAsGiven && !own.signal && !defaults.signal ? null : request.signal;
      const init: RequestInit = { ...settingsOf(request), method: request.method, signal };
      if (isAsGiven && text !== undefined) return { ...init, body: text };
      if (own.body instanceof ReadableStream)
        return { ...init, body: request.body, duplex: 'half' } as RequestInit;
      const bytes = new Uint8Array(await request.arrayBuffer());
      return bytes.length > 0 ? { ...init, body: bytes } : init;
    },
  };
}
