import { isVisible } from '../wrap.ts';
import { call } from './call.ts';
import type { ResourceTarget } from './read-state.ts';
import type { Session } from './request-sender.ts';
import type { HeadersInput } from '../shell/kept-headers.ts';

/**
 * Finds out for which user an update is, by the headers that a request of the update would have now: those of the
 * client and the call, of the client's header function, and of its hooks, which run for this once. Nothing is sent.
 * `user` is `undefined` if the headers don't show the user: behind a fetch of the user's own, or if a hook answers by
 * itself. Then nothing is shared.
 */
export async function startSession(
  { client, route, url }: ResourceTarget,
  own: HeadersInput,
  signal: AbortSignal | undefined,
): Promise<Session> {
  const { defaults, shared, headers: makeHeaders } = client;
  const clientHeaders = makeHeaders && (await makeHeaders({ method: route.replace, url: new URL(url) }));
  const session: Session = { clientHeaders };
  if (!isVisible(defaults.fetch ?? globalThis.fetch, shared)) return session;
  const { init, beforeRequest } = defaults.hooks ?? {};
  if (init?.length || beforeRequest?.length) {
    const options = { headers: own, ...(signal && { signal }), hooks: {}, retry: 0 };
    const onHeaders = (headers: Iterable<[string, string]>): void => {
      session.user = shared.userOf(new Headers([...headers]));
    };
    await call(client, 'GET', url, options, { session, onHeaders });
  } else {
    const all = [clientHeaders, defaults.headers as HeadersInput, own].flatMap((some) => [
      ...new Headers(some),
    ]);
    session.user = shared.userOf(new Headers(all));
  }
  return session;
}
