import type { HeadersInput } from './kept-headers.ts';

/**
 * Makes headers anew for every request, those of a recovery included, so that tokens are fresh. A header that is
 * `undefined` is left out. If a write is to be sent, an error that the function throws reaches the caller unchanged.
 */
export type HeaderFactory = (request: {
  readonly method: string;
  readonly url: URL;
}) =>
  | HeadersInput
  | Record<string, string | undefined>
  | Promise<HeadersInput | Record<string, string | undefined>>;

/** A header function that returns `Headers`. */
export type HeaderMaker = (...request: Parameters<HeaderFactory>) => Promise<Headers>;

const failures = new WeakSet<object>();

/** Whether an error stopped a request before it was sent, or is a hook's own. Recovery looks into neither. */
export function isHeaderFailure(error: unknown): boolean {
  return failures.has(error as object);
}

/** Marks an error as one that `isHeaderFailure` finds. */
export function asHeaderFailure<Thrown>(error: Thrown): Thrown {
  if (typeof error === 'object' && error !== null) failures.add(error);
  return error;
}

export function headersBy(factory: HeaderFactory): HeaderMaker {
  return async (request) => {
    try {
      return read(await factory(request));
    } catch (error) {
      throw asHeaderFailure(error);
    }
  };
}

function read(given: Awaited<ReturnType<HeaderFactory>>): Headers {
  const isList = given instanceof Headers || Array.isArray(given);
  const header = (pair: [string, string | undefined]): pair is [string, string] => pair[1] !== undefined;
  try {
    return new Headers(isList ? given : Object.entries(given).filter(header));
  } catch {
    // The platform's error quotes the value, which is a token in most cases.
    throw new TypeError(
      'The headers function gave a header that no request can have, such as one with a line break.',
    );
  }
}
