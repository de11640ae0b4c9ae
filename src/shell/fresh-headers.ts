import { race } from './deadline.ts';
import type { HeaderFields } from './kept-headers.ts';
import { lineOf, settingsOf } from './request.ts';
import type { Fetch } from './transport.ts';

/**
 * Headers that are made anew for every request, those of a recovery included, so that tokens are fresh. A header that is
 * `undefined` is left out. What it throws where a write is to be sent reaches the caller unchanged.
 */
export type HeaderFactory = (request: {
  readonly method: string;
  readonly url: URL;
}) =>
  | HeadersInit
  | Record<string, string | undefined>
  | Promise<HeadersInit | Record<string, string | undefined>>;

/** A header function whose answer is read. */
export type HeaderMaker = (...request: Parameters<HeaderFactory>) => Promise<Headers>;

const failures = new WeakSet<object>();

/** Whether an error is one that a header function has thrown. */
export function isHeaderFailure(error: unknown): boolean {
  return failures.has(error as object);
}

export function headersBy(factory: HeaderFactory): HeaderMaker {
  return async (request) => {
    try {
      return read(await factory(request));
    } catch (error) {
      if (typeof error === 'object' && error !== null) failures.add(error);
      throw error;
    }
  };
}

function read(given: Awaited<ReturnType<HeaderFactory>>): Headers {
  const isList = given instanceof Headers || Array.isArray(given);
  const header = (pair: [string, string | undefined]): pair is [string, string] => pair[1] !== undefined;
  try {
    return new Headers(isList ? given : Object.entries(given).filter(header));
  } catch {
    // The platform's error quotes the value, which mostly is a token.
    throw new TypeError(
      'The headers function gave a header that no request can have, such as one with a line break.',
    );
  }
}

/** A call, and those that go on with it when a person has decided. */
export interface Line {
  /** The request that was made for it last, by hooks that may know a newer token. */
  request?: Request;
}

/** A request that was made for a call. */
export interface Renewed {
  readonly make: HeaderMaker | undefined;
  /** The user's own fetch, if there is one. */
  readonly transport: Fetch | undefined;
  readonly request: Request;
  /** What its runtime alone knows of it. */
  readonly init: RequestInit | undefined;
  /** Whether a header is nobody's own, and gives way to one that is made. */
  readonly isFilled: (name: string) => boolean;
  readonly line: Line;
}

/**
 * Sends all requests that one request comes to with the headers of now. A fetch of the user's gets each as a `Request`,
 * as from ky.
 *
 * `whole` gives what a request's headers have come to.
 */
export function renewing({ make, transport, request, init, isFilled, line }: Renewed): {
  readonly send: Fetch;
  readonly whole: (headers: HeaderFields) => HeaderFields;
} {
  const { headers: own } = request;
  const isRenewed = (): boolean => !!make || line.request !== request;
  let made = new Headers();

  const renewed = (given: HeaderFields): Headers => {
    const headers = new Headers([...given]);
    for (const [name, value] of given) {
      const now = line.request?.headers.get(name);
      // What recovery has changed is not for anybody else to renew.
      if (now && value === own.get(name)) headers.set(name, now);
    }
    for (const [name, value] of made) if (!own.has(name) || isFilled(name)) headers.set(name, value);
    return headers;
  };
  const whole = (given: HeaderFields): HeaderFields => (isRenewed() ? renewed(given) : given);

  const send: Fetch = async (input, given = {}) => {
    const isAsMade = !isRenewed();
    if (isAsMade && input === request) return (transport ?? globalThis.fetch)(input, init);
    if (isAsMade && !transport) return globalThis.fetch(input, given);
    const { method, href } = lineOf(input, given);
    if (make) made = await race(given.signal ?? request.signal, make({ method, url: new URL(href) }));
    const asked = new Headers(given.headers ?? own);
    const headers = isAsMade ? asked : renewed(asked);
    // A Request that is made of another one forgets where it came from (Fetch §5.4).
    const whence = input === request ? settingsOf(request) : {};
    return (transport ?? globalThis.fetch)(new Request(input, { ...whence, ...given, headers }), init);
  };
  return { send, whole };
}
