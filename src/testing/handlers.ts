import type { Origin } from './origin.ts';

/** The part of msw's `http` that is used, so that neither this code nor its types need msw. */
export interface HttpOfMsw<Handler> {
  all(path: string, resolver: (info: { readonly request: Request }) => Promise<Response>): Handler;
}

/**
 * Makes handlers of [msw](https://mswjs.io) that answer as an origin does: whatever a page, a component or a library sends
 * to the origin's `url` arrives there. For msw 3 and 2, in browsers and in Node: `setupServer(...handlers(origin, http))`.
 *
 * @param http The `http` of msw.
 */
export function handlers<Handler>(origin: Origin, http: HttpOfMsw<Handler>): Handler[] {
  return [
    http.all(`${origin.url}*`, ({ request }) =>
      // msw has a network error in place of what `fetch` rejects with.
      origin.fetch(request).catch(() => Response.error()),
    ),
  ];
}
