import { lineOf } from './request.ts';
import type { Fetch } from './transport.ts';

/** Headers that are made anew for every request, those of a recovery included, so that tokens are fresh. */
export type HeaderFactory = (request: {
  readonly method: string;
  readonly url: URL;
}) => HeadersInit | Promise<HeadersInit>;

/** Makes the headers of every request anew. What the call itself says stands. */
export async function freshen(
  factory: HeaderFactory | undefined,
  transport: Fetch,
  request: Request,
  at: URL,
): Promise<{ readonly headers: Headers; readonly send: Fetch }> {
  const own = request.headers;
  if (!factory) return { headers: own, send: transport };
  let made: string[] = [];
  const renew = async (headers: Headers, method: string, url: URL): Promise<Headers> => {
    const fresh = [...new Headers(await factory({ method, url }))].filter(([name]) => !own.has(name));
    for (const name of made) headers.delete(name);
    for (const [name, value] of fresh) headers.set(name, value);
    made = fresh.map(([name]) => name);
    return headers;
  };
  // The first request goes out with the headers that say for whom it is made.
  let first: Headers | undefined = await renew(new Headers(own), request.method, at);
  const headers = new Headers(first);
  const send: Fetch = async (input, init) => {
    const { method, href } = lineOf(input, init);
    const renewed = first ?? (await renew(new Headers(init?.headers), method, new URL(href)));
    first = undefined;
    return transport(input, { ...init, headers: renewed });
  };
  return { headers, send };
}
